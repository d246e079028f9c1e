/** Local API: the members of the workspace, with what is known of each. Times are ISO 8601. */

/** How fresh a listing of people is: it waits for GitHub for a moment only. */
export interface Freshness {
  /** People of the listing about whom GitHub answered just now, and how many there are. */
  fresh: number;
  of: number;
  /** The oldest of its answers about the others; null: there is none, or it never spoke of somebody. */
  oldest: string | null;
  /** Why there is no fresh answer, if GitHub gave none. */
  failure: string | null;
}

export interface Teammate {
  handle: string;
  uid: number;
  /** yes: has published a device · no: has not yet · unknown: GitHub was not asked yet */
  installed: 'yes' | 'no' | 'unknown';
  /** A short name of the user's for them. */
  alias?: string;
  relation: 'connected' | 'pendingIn' | 'pendingOut' | 'declinedByMe' | 'declinedByThem' | 'blocked' | 'none';
  online: boolean;
  /** Sessions that they share with me, also those whose key is not here now. */
  shares: number;
  /** Devices of theirs that nobody vouches for, or that GitHub lists no longer. */
  alarmed: number;
  /** As in ConnectionPerson. */
  compared: string | null;
  staleSince: string | null;
  /** When GitHub last spoke clearly of them; null: it has not yet. */
  checkedAt: string | null;
}

export interface Teammates {
  org: string;
  /** Without oneself: connected ones first, then pending, then those with teammate-sync, blocked ones last. */
  members: Teammate[];
  /** When GitHub listed the members; null: not since this daemon started, and only those known from before are here. */
  listedAt: string | null;
  freshness: Freshness;
}
