/** The numbers of limits.ts that concern one machine alone: the local API, answers, the dashboard, the MCP server. */

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Local side
/** A verb about a person waits for GitHub's word so long at most: less than its client does for the verb. */
export const RESOLVE_TIMEOUT_MS = 20 * SECOND;
/** A listing waits for GitHub's fresh word so long at most, and then says what is not fresh. */
export const LISTING_REFRESH_MS = 3 * SECOND;
export const LOCAL_REQUEST_MAX_BYTES = 1 * MIB;
/** A client gives up on a call of the local API after this; reading a followed session has no such bound. */
export const LOCAL_CALL_TIMEOUT_MS = 30 * SECOND;
/** Of one answer, or of one line of a stream, that a client takes from the daemon. */
export const LOCAL_ANSWER_MAX_BYTES = 64 * MIB;
/** How long a started daemon may take until it answers. */
export const DAEMON_START_TIMEOUT_MS = 30 * SECOND;
/** A command typed in Claude Code is answered within this, whatever became of it: sooner than Claude Code gives the hook up. */
export const SLASH_WAIT_MS = 25 * SECOND;
/** Of what such a command shows. */
export const SLASH_ANSWER_MAX_BYTES = 8 * KIB;
/** Short local names for people. */
export const ALIASES_MAX = 256;
/** What began and ended is kept for so long, and so many of it. */
export const HISTORY_KEPT_MS = 30 * DAY;
export const HISTORY_MAX = 2048;
/** An address of the dashboard opens it once, within this. */
export const PAGE_CODE_MS = 2 * MINUTE;
/** Addresses of the dashboard that wait to be opened. */
export const PAGE_CODES_MAX = 8;
/** A page of the dashboard, also over restarts of the daemon. */
export const PAGE_MS = 12 * HOUR;
export const PAGES_MAX = 16;
/** Tries a second to open, challenge or resume a page, and at once. */
export const PAGE_TRIES_PER_SECOND = 2;
export const PAGE_TRIES_BURST = 32;
/** The parts of the dashboard are looked at this often while a page is open. */
export const PARTS_MS = 1 * SECOND;
/** A page's stream of events that has nothing to say shows that it lives. */
export const PAGE_ALIVE_MS = 15 * SECOND;
/** Connections to the dashboard's listener. */
export const PAGE_CONNECTIONS_MAX = 64;
/** A request to it has come whole by then. */
export const PAGE_REQUEST_MS = 10 * SECOND;
/** How long a stopping local API lets answers in flight go out. */
export const LOCAL_STOP_GRACE_MS = 2 * SECOND;
/** A log over this is set aside as `.1` when the daemon starts. */
export const LOG_FILE_MAX_BYTES = 5 * MIB;
/** How often the process table is asked whether a conversation still lives. */
export const LIVENESS_POLL_MS = 1 * SECOND;
/** A path over this does not fit a unix socket address on every system. */
export const SOCKET_PATH_MAX_BYTES = 100;

// Answers
/** Bytes of UTF-8 that are counted as one token: what the model itself would count is not known here. */
export const TOKEN_BYTES = 3;
/** Tokens of the excerpts of one answer, unless another budget is named. */
export const ANSWER_TOKENS = 6000;
export const ANSWER_MAX_TOKENS = 9000;
export const ANSWER_MIN_TOKENS = 200;
/** Characters (UTF-16) of the texts of one answer. */
export const ANSWER_MAX_CHARS = 45_000;
export const QUESTION_MAX_BYTES = 4 * KIB;
/** An answer waits so long at most for the owners' newest lines. */
export const FRESH_MS = 2 * SECOND;
/** An owner who is asked reads on in the transcript for so long at most before it says what there is. */
export const REFRESH_MS = 1 * SECOND;
/** Bytes of text of all that is searched: the newest blocks of each session come first. */
export const INDEX_MAX_BYTES = 128 * MIB;
/** So long one question looks through texts for a string or an expression. */
export const SCAN_MS = 10 * SECOND;
/** Bytes of the turns of one page of a session, as JSON. */
export const DUMP_PAGE_BYTES = 32 * KIB;
/** Fits what stands around the text of a turn, whatever it is. */
export const DUMP_PAGE_MIN_BYTES = 16 * KIB;
export const DUMP_PAGE_MAX_BYTES = 1 * MIB;
/** What was read is told to its owner in this time after it was read. */
export const RECEIPTS_MS = 0.5 * SECOND;
/** What is told in one frame: lines of one source, read with one thing. */
export const RECEIPTS_PER_FRAME = 32;
/** Ranges of lines in each; beyond, those that are nearest to each other are told as one. */
export const RECEIPT_RANGES_MAX = 16;
/** Kept to be told to owners who are away. */
export const RECEIPTS_PENDING_MAX = 1024;
/** Frames of one device that an owner takes, and at once; an honest one sends its batches twice a second. */
export const RECEIPTS_PER_SECOND = 4;
export const RECEIPTS_BURST = 64;
/** What was read, by whom, is kept for so long. */
export const ACTIVITY_KEPT_MS = 30 * DAY;
/** Entries, in all and of one person. */
export const ACTIVITY_MAX = 4096;
export const ACTIVITY_PER_PERSON_MAX = 512;
/** It is on disk at the latest then. */
export const ACTIVITY_SAVE_MS = 1 * SECOND;
/** Answers whose next pages can still be asked for. */
export const ANSWERS_KEPT = 32;
/** Ids of excerpts that are still known. */
export const CITATIONS_KEPT = 4096;

// Answers of a model
/** All of asking the Messages API for one answer, with every try. */
export const SYNTHESIS_MS = 60 * SECOND;
/** So often it is asked again when it does not answer, or is too busy. */
export const SYNTHESIS_RETRIES = 1;
/** Tokens of the model's answer. */
export const SYNTHESIS_MAX_TOKENS = 2000;
/** Bytes of UTF-8 of the model's answer that are taken. */
export const SYNTHESIS_MAX_BYTES = 64 * KIB;
/** Lines of an excerpt that are cited as one. */
export const SYNTHESIS_BLOCK_LINES = 10;

// MCP server
/** A longer line on stdin is refused, and the next one is read. */
export const MCP_LINE_MAX_BYTES = 4 * MIB;
/** When stdin ends, calls that are under way may be answered for so long. */
export const MCP_STOP_GRACE_MS = 2 * SECOND;
/** Who asked for progress hears of a call that goes on this often. */
export const MCP_PROGRESS_MS = 1 * SECOND;
/** Entries of one page of a list: resources, sessions, teammates. */
export const MCP_LIST_MAX = 50;
/** Tokens that may be asked for at least: less holds no excerpt with what has to stand around it. */
export const MCP_ANSWER_MIN_TOKENS = 1000;
