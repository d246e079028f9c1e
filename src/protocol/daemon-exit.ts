/** How the daemon's process ends, for whoever started it. */

/** Another process holds the home: it was started a moment before, or runs for long. */
export const ALREADY_RUNNING_EXIT = 5;
