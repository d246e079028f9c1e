/**
 * Claude Code's own list of running conversations: `<config>/sessions/<pid>.json`. Undocumented, so it only adds to
 * what the hooks tell: a file that is missing or not understood changes nothing. The `.key` files beside hold secrets
 * and are never opened.
 */
import fs from 'node:fs';
import { join } from 'node:path';
import { isSessionId } from '../protocol/ids.ts';
import { isObject } from '../protocol/is-object.ts';
import { get, shortText } from './json-object.ts';
import { PATH_MAX_BYTES } from './live-conversation.ts';

export interface RegistryEntry {
  pid: number;
  session: string;
  cwd: string;
  /** interactive, or another kind; null where the file does not say. */
  kind: string | null;
  /** cli, sdk-cli, …; null where the file does not say. */
  entrypoint: string | null;
  /** idle, busy, …; null where the file does not say. */
  status: string | null;
  /** Since when, milliseconds since 1970. */
  statusSince: number | null;
  /** When the file was written last, milliseconds since 1970: the process is not younger. */
  writtenAt: number;
}

const FILE_MAX_BYTES = 64 * 1024;
const FILES_MAX = 1024;
/** Several times the resolution of file times on the systems that Node runs on. */
const SETTLED_MS = 100;
const NAME_MAX_BYTES = 64;

export interface ClaudeRegistry {
  /** All entries that are there now. Files are parsed anew only when they changed. Never throws. */
  entries(): RegistryEntry[];
  /** The entry of one process, or null. Never throws. */
  entry(pid: number): RegistryEntry | null;
}

/**
 * @param claudeConfigDir `~/.claude`, or what CLAUDE_CONFIG_DIR says
 * @param now the clock that file times are set by
 */
export function openClaudeRegistry(claudeConfigDir: string, now: () => number = Date.now): ClaudeRegistry {
  const folder = join(claudeConfigDir, 'sessions');
  let cache = new Map<number, { seen: string; entry: RegistryEntry | null }>();

  function read(pid: number): RegistryEntry | null {
    const path = join(folder, `${pid}.json`);
    try {
      const stat = fs.statSync(path, { bigint: true });
      if (!stat.isFile() || stat.size > FILE_MAX_BYTES) return null;
      const seen = `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
      const known = cache.get(pid);
      if (known?.seen === seen) return known.entry;
      const writtenAt = Number(stat.mtimeNs / 1_000_000n);
      const entry = parseEntry(fs.readFileSync(path, 'utf8'), pid, writtenAt);
      // The file is rewritten in place and at the same length, and file times are coarse: one that was written just now
      // may have changed since without showing it.
      if (Math.abs(now() - writtenAt) > SETTLED_MS) cache.set(pid, { seen, entry });
      return entry;
    } catch {
      return null;
    }
  }

  return {
    entry: read,
    entries() {
      let names: string[];
      try {
        names = fs.readdirSync(folder);
      } catch {
        return [];
      }
      const pids = names.flatMap((name) => /^([1-9]\d{0,9})\.json$/.exec(name)?.[1] ?? []).slice(0, FILES_MAX);
      const found = pids.flatMap((pid) => read(Number(pid)) ?? []);
      const present = new Set(pids.map(Number));
      cache = new Map([...cache].filter(([pid]) => present.has(pid)));
      return found;
    },
  };
}

function parseEntry(text: string, pid: number, writtenAt: number): RegistryEntry | null {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return null;
  const session = get(value, 'sessionId');
  // The file's name and its content must agree on whose it is.
  if (get(value, 'pid') !== pid || typeof session !== 'string' || !isSessionId(session)) return null;
  const since = get(value, 'statusUpdatedAt') ?? get(value, 'updatedAt');
  return {
    pid,
    session,
    cwd: shortText(get(value, 'cwd'), PATH_MAX_BYTES),
    kind: shortText(get(value, 'kind'), NAME_MAX_BYTES) || null,
    entrypoint: shortText(get(value, 'entrypoint'), NAME_MAX_BYTES) || null,
    status: shortText(get(value, 'status'), NAME_MAX_BYTES) || null,
    statusSince: typeof since === 'number' ? since : null,
    writtenAt,
  };
}
