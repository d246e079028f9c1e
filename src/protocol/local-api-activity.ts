/** Local API: who read which lines of what I share. Times are ISO 8601. */

/** Lines of a transcript, both inclusive. */
export interface LineRange {
  from: number;
  to: number;
}

/** What one device of a person read of one source of a session, with one verb or tool, as that device told it. */
export interface ActivityEntry {
  handle: string;
  /** As in WhoAmI.device. */
  device: string;
  session: string;
  project: string;
  /** It is still shared with them. */
  shared: boolean;
  /** A verb, or the name of an MCP tool. */
  with: string;
  /** `main`, or the id of a subagent. */
  source: string;
  /** In order. Many are told as fewer, wider ones. */
  ranges: LineRange[];
  first: string;
  last: string;
}

/** What was shared, and that it ended. */
export interface HistoryEvent {
  at: string;
  handle: string;
  session: string;
  project: string;
  /** I share it with them; else they with me. */
  mine: boolean;
  what: 'began' | 'ended';
  /** ended: why, if that is known. */
  reason: string | null;
}

export interface ActivityResponse {
  /** The newest first. */
  entries: ActivityEntry[];
  /** What began and ended, in both directions, the newest first. */
  history: HistoryEvent[];
}
