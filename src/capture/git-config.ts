/** Reads the remotes out of a git config file, without git. */

/** A remote in the order of the file, with its first url. */
export interface GitRemote {
  name: string;
  url: string;
}

const REMOTE_SECTION = /^\[\s*remote\s+"((?:[^"\\]|\\.)*)"\s*\]/i;
const SECTION = /^\[[^\]]*\]/;
const KEY_VALUE = /^([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*)$/;

/**
 * The remotes that have a url. Follows git-config(1) for sections, quotes, escapes, comments and lines that go on;
 * includes and url rewriting are not looked at. Text that is no git config gives none.
 */
export function gitRemotes(config: string): GitRemote[] {
  const remotes = new Map<string, string>();
  let remote: string | null = null;
  for (const raw of config.replace(/\\\r?\n/g, '').split(/\r?\n/)) {
    let line = raw.trim();
    const section = SECTION.exec(line);
    if (section) {
      const named = REMOTE_SECTION.exec(line);
      remote = named ? (named[1] ?? '').replace(/\\(.)/g, '$1') : null;
      line = line.slice((named ?? section)[0].length).trim();
    }
    const pair = remote === null ? null : KEY_VALUE.exec(line);
    if (remote === null || pair?.[1]?.toLowerCase() !== 'url' || remotes.has(remote)) continue;
    const url = configValue(pair[2] ?? '');
    if (url !== '') remotes.set(remote, url);
  }
  return [...remotes].map(([name, url]) => ({ name, url }));
}

/** Takes quotes and escapes out, and a comment off the end. */
function configValue(raw: string): string {
  let out = '';
  let quoted = false;
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charAt(i);
    if (c === '\\') out += raw.charAt(++i);
    else if (c === '"') quoted = !quoted;
    else if (!quoted && (c === '#' || c === ';')) break;
    else out += c;
  }
  return out.trim();
}
