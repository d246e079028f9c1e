/** Between a test and a daemon in a process of its own. */
export type ToDaemon = { type: 'pass'; ms: number } | { type: 'setWall'; unixMs: number } | { type: 'stop' };

export type FromDaemon =
  | { type: 'ready' }
  | { type: 'failed'; message: string }
  | { type: 'steered'; now: number }
  | { type: 'frame'; direction: 'in' | 'out'; remote: string; bytes: string };
