/**
 * Every number that two machines or two rooms must agree on, with its unit in its name.
 * docs/LIMITS.md lists them with what happens at the bound; a test compares the two.
 */
export * from './local-limits.ts';

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
