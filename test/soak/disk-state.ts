/** What may lie in the state folder of a home when all is quiet: files that parse, and folders that something names. */
import fs from 'node:fs';
import path from 'node:path';

const FILES = [
  // Of the own sessions it names those that have ended, too: who read them.
  'activity.json',
  'aliases.json',
  'dashboard.json',
  'history.json',
  'connections.json',
  'joins.json',
  'pins.json',
  'published.json',
  'sessions.json',
  'told.json',
  'transport.json',
  'own-record.txt',
  'daemon.log',
];

interface Replica {
  core: string;
  owner: { uid: number; sign: string };
  session: string;
  gen: number;
}

interface Found {
  share: { ends: unknown[]; sessions: string[] };
  /** Everything that is wrong, in words; empty: nothing. */
  wrong: string[];
}

export function lookAtState(home: string): Found {
  const state = path.join(home, 'state');
  const wrong: string[] = [];
  const parse = (file: string): unknown => {
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8'));
    } catch (error) {
      wrong.push(`${path.relative(state, file)}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  const only = (folder: string, allowed: string[], needed: string[] = []): void => {
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    for (const name of names)
      if (!allowed.includes(name)) wrong.push(`stray ${path.relative(state, path.join(folder, name))}`);
    for (const name of needed)
      if (!names.includes(name)) wrong.push(`no ${path.relative(state, path.join(folder, name))}`);
  };
  only(state, [...FILES, 'share', 'inbox']);
  for (const name of FILES.filter((n) => n.endsWith('.json'))) {
    if (fs.existsSync(path.join(state, name))) parse(path.join(state, name));
  }

  const share = path.join(state, 'share');
  const files = ['ends.json', 'leases.json'];
  const sessions = fs.readdirSync(share).filter((name) => !/^[a-z]+\.json/.test(name));
  only(share, [...files, ...sessions]);
  for (const name of files) if (fs.existsSync(path.join(share, name))) parse(path.join(share, name));
  for (const session of sessions) {
    const file = parse(path.join(share, session, 'session.json')) as { generations: { gen: number }[] } | null;
    const generations = (file?.generations ?? []).map((g) => String(g.gen));
    only(path.join(share, session), ['session.json', ...generations], generations);
  }
  const endsFile = path.join(share, 'ends.json');
  const ends = fs.existsSync(endsFile) ? (parse(endsFile) as { ends: unknown[] } | null)?.ends : [];

  const inbox = path.join(state, 'inbox');
  const inboxFile = path.join(inbox, 'inbox.json');
  const stored = fs.existsSync(inboxFile) ? (parse(inboxFile) as { replicas: Replica[] } | null) : null;
  const folders = new Map<string, string[]>();
  for (const { core, owner, session, gen } of stored?.replicas ?? []) {
    const name = `${owner.uid}-${owner.sign.slice(0, 8)}-${session}`;
    folders.set(name, [...(folders.get(name) ?? []), `${gen}-${core.slice(0, 8)}`]);
  }
  only(inbox, ['inbox.json', ...folders.keys()]);
  for (const [name, generations] of folders) only(path.join(inbox, name), generations, generations);
  return { share: { ends: ends ?? [], sessions }, wrong };
}
