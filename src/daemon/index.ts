/**
 * Composition root: the only place that knows every room. It reads the settings, builds the rooms, wires them, starts them
 * in order and stops them in reverse. Nothing imports it but process entries. No module state: many run in one process.
 */
export { Daemon, type DaemonOptions } from './daemon.ts';
export type { Rooms, Surroundings } from './rooms.ts';
export { loadSettings, pathsOf, type Settings } from './settings.ts';
export { setUp, type SetupOptions } from './setup.ts';
