/**
 * The page's link to the daemon: one session of the page, requests with its token, the parts as they change, and coming
 * back after the daemon was away. Nothing else of the page talks to the network.
 */
export { DashboardError, type Link, type LinkState } from './link.ts';
export { openLink } from './open-link.ts';
