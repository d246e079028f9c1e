/** What the room tells others; each is emitted after it is on disk, but `ended` before. */
export interface ConnectionsEvents {
  /** This statement is to be said to all devices of the person now; it is repeated on every later contact. */
  say: [uid: number, bytes: Buffer];
  /** Consent is mutual; again when they invited anew, because what was granted before may not have been taken. */
  connected: [uid: number];
  /** Mutual consent is over, or my open invite is, by me or by them: every share in both directions ends, also what waited. */
  ended: [uid: number, why: 'disconnected' | 'declined' | 'blocked'];
  /** A new invite that the user should see. */
  invited: [uid: number];
  /** Anything that listings show. */
  changed: [uid: number];
}
