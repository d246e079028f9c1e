/**
 * Every number that two machines or two rooms must agree on, with its unit in its name.
 * docs/LIMITS.md lists them with what happens at the bound; a test compares the two.
 */

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Transcript and session core
/** A kept transcript record longer than this (serialised, UTF-8) is cut, with a mark that says so. */
export const ENTRY_MAX_BYTES = 1 * MIB;
/** A raw transcript line longer than this is never parsed; a marker takes its place. */
export const SOURCE_LINE_MAX_BYTES = 32 * MIB;
/** Entries are packed into blocks of about this size while catching up (2 KB blocks replicate 5 times slower: measured). */
export const BLOCK_TARGET_BYTES = 64 * KIB;
/** A block longer than this is refused by a reader. */
export const BLOCK_MAX_BYTES = 2 * MIB;
/** Nesting of JSON that came from outside. */
export const JSON_MAX_DEPTH = 64;
/** Values in one transcript line: a line of 32 MiB could become a gigabyte of objects. Real ones hold some thousands. */
export const LINE_MAX_VALUES = 262_144;

// Redaction thread
/** Bytes of its JavaScript memory. What a line may hold is bounded so that the worst one stays well below (measured). */
export const REDACTION_HEAP_MAX_BYTES = 512 * MIB;
/** A thread that answers nothing for so long hangs. A read takes well under a second. */
export const REDACTION_ANSWER_MS = 60 * SECOND;
/** How often the thread may end before anything new of a conversation came out of it. */
export const REDACTION_TRIES = 3;
export const REDACTION_RETRY_MS = 30 * SECOND;
/** So long after the last transcript was closed its memory is given back. */
export const REDACTION_IDLE_MS = 60 * SECOND;

// Recipient's quotas
/** Bytes of one session that a recipient takes. */
export const SESSION_MAX_BYTES = 512 * MIB;
/** Bytes that a recipient takes from one person in all. */
export const PERSON_MAX_BYTES = 2 * GIB;

/** Session cores that one daemon has open at once, its own and copies of others': each is a database of its own. */
export const CORES_OPEN_MAX = 128;

// Control channel
export const CONTROL_FRAME_MAX_BYTES = 64 * KIB;
/** Token bucket per device: control messages a second. */
export const CONTROL_MESSAGES_PER_SECOND = 100;
/** Taken at once: what an honest sender has said when this side stood still for as long as a connection lives without a sign. */
export const CONTROL_MESSAGES_BURST = 500;
/** Grants listed in one state frame; more go into further frames of the same statement. */
export const STATE_GRANTS_PER_FRAME = 256;

// Hello
/** A client that has sent nothing by then is dropped and redials. */
export const HELLO_HINT_TIMEOUT_MS = 1.5 * SECOND;
export const HELLO_TIMEOUT_MS = 5 * SECOND;
export const HELLO_MAX_BYTES = 4 * KIB;
export const HELLO_PENDING_INBOUND_MAX = 32;
export const HELLO_PENDING_PER_ADDRESS_MAX = 4;
export const HELLO_HINT_SEARCHES_PER_SECOND = 20;

// Network
/** Devices that there are links to at once. */
export const LINKED_DEVICES_MAX = 256;
/** Devices of contacts that are announced to; those one deals with always are, all others are looked for in turn. */
export const CONTACT_DEVICES_MAX = 50;
/** One of those others is looked for in this time. */
export const CONTACT_LOOKUP_MS = 2 * SECOND;
/** So many of the last look-ups are still open, for dialling whom they found. */
export const CONTACT_LOOKUPS_MAX = 5;
/** Connections that a relay passes on at once, two for each pair of devices. */
export const RELAY_CONNECTIONS_MAX = 256;
export const SWARM_MAX_PEERS = 4096;
export const KEEP_ALIVE_MS = 2 * SECOND;
export const CONNECTION_TIMEOUT_MS = 5 * SECOND;
/** Healing when a contact that should be there is not: once after the first, then 6 times, then for 10 min, then for good. */
export const HEAL_FIRST_MS = 0.5 * SECOND;
export const HEAL_FAST_MS = 10 * SECOND;
export const HEAL_FAST_TRIES = 6;
export const HEAL_SLOW_MS = 60 * SECOND;
export const HEAL_SLOW_TRIES = 10;
export const HEAL_IDLE_MS = 10 * MINUTE;
export const EPOCH_MS = DAY;
/** Within this distance of an epoch's edge both epochs are joined. */
export const EPOCH_OVERLAP_MS = 2 * HOUR;
/** After a disconnect that could not be delivered, the topic is left at the latest then. */
export const DISCONNECT_DELIVERY_MS = 60 * MINUTE;
/** The topic of a device's former box key is left at the latest then, though it was not met on the new one. */
export const FORMER_TOPIC_MS = 7 * DAY;

// Statements
/** Clock difference above which both sides say CLOCK_SKEW and no lease starts. */
export const CLOCK_SKEW_MAX_MS = 10 * MINUTE;
export const INVITE_LIFETIME_MS = 14 * DAY;
/** How long an accept, decline or disconnect that was not yet delivered is repeated. */
export const STATEMENT_LIFETIME_MS = 180 * DAY;
export const INVITES_PENDING_MAX = 50;
export const INVITE_NOTE_MAX_BYTES = 280;
export const INVITE_PROJECT_MAX_BYTES = 128;

// Grants and leases
export const LEASE_MS = 60 * MINUTE;
export const LEASE_RENEW_MS = 20 * MINUTE;
/** exp - iat of a grant or lease beyond this is refused. */
export const GRANT_LIFETIME_MAX_MS = 24 * HOUR;

// Device record
export const RECORD_MAX_BYTES = 2048;
export const RECORD_LIFETIME_MS = 180 * DAY;
export const RECORD_RENEW_MS = 60 * DAY;
export const RECORD_GISTS_MAX = 5;
export const RECORD_FILES_MAX = 16;
export const RECORD_FILE_MAX_BYTES = 8 * KIB;
/** The comments of an org's keyring are asked for at most once in this time for each page that there is. */
export const KEYRING_FRESH_MS = 10 * SECOND;
/** Where GitHub shows no keyring, it is looked for again after this. */
export const KEYRING_HIDDEN_MS = 5 * MINUTE;
/** Pages of 100 comments that are read; an issue of GitHub's takes no more. */
export const KEYRING_PAGES_MAX = 25;

// GitHub
export const GITHUB_TIMEOUT_MS = 10 * SECOND;
export const GITHUB_RESPONSE_MAX_BYTES = 8 * MIB;
/** Between two writes, as GitHub asks. */
export const GITHUB_WRITE_GAP_MS = 1 * SECOND;
/** So often a read is made again after a 5xx or a broken connection. */
export const GITHUB_RETRIES = 1;
export const GITHUB_RETRY_PAUSE_MS = 1 * SECOND;
/** Pages of 100 that are read of one list. */
export const GITHUB_PAGES_MAX = 100;
/** Answers kept for conditional requests. */
export const GITHUB_CACHE_MAX = 4096;
/** Records are refreshed in rotation, one member's in this time. */
export const GITHUB_ROTATION_MS = 2 * SECOND;
/** In rotation, nobody with pinned devices is asked about again before this. */
export const GITHUB_KNOWN_MS = 5 * MINUTE;
/** A list of gists that has stood unchanged for so long says that the gists on it have not changed. */
export const GITHUB_SETTLED_MS = 60 * SECOND;
/** A second "no" counts only this long after the first. */
export const GITHUB_SECOND_NO_MS = 5 * MINUTE;
/** Without a clear word about a person for so long, nothing new is shared with them and leases are not renewed. */
export const GITHUB_STALE_MAX_MS = 7 * DAY;
/** When GitHub last spoke of each person is on disk at least this often. */
export const PINS_SAVE_MS = 1 * HOUR;

/** A device sign-in is given up then, whatever GitHub says; it says 15 min. */
export const DEVICE_FLOW_MAX_MS = 20 * MINUTE;
/** Longer between two polls of a device sign-in, each time GitHub says slow_down. */
export const DEVICE_FLOW_SLOWER_MS = 5 * SECOND;

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
