/** Holds the rules against what people read: what must never be, at any moment, and what must be once all is mended. */
import fs from 'node:fs';
import path from 'node:path';
import Hypercore from 'hypercore';
import { filesWith } from '../../support/disk.ts';
import { agree, type Cast } from './cast.ts';
import type { Session } from './rules.ts';

/** Nobody reads what the rules forbid. @throws at the first who does */
export async function checkSafety(cast: Cast): Promise<void> {
  const all = cast.rules.sessions.flatMap((s) => [...s.readers.keys()].map((reader) => [s, reader] as const));
  await Promise.all(all.map(([session, reader]) => checkReader(cast, session, reader)));
}

async function checkReader(cast: Cast, session: Session, reader: number): Promise<void> {
  const person = cast.person(reader);
  if (!person.running) return;
  const { windows } = cast.rules.entry(session, reader);
  const expired = cast.rules.expired(session, reader, person.clock.elapsed());
  const texts = await cast.read(reader, session);
  if (!texts || texts.length === 0) return;
  const what = `${person.login} reads ${JSON.stringify(texts)} of ${cast.name(session)}`;
  const numbers = texts.map((text) => session.said.indexOf(text));
  if (numbers.some((n) => !windows.some((w) => n >= w.from && n < w.limit))) {
    throw new Error(`${what}, allowed is ${JSON.stringify(windows)}`);
  }
  if (numbers.some((n, i) => i > 0 && n <= (numbers[i - 1] ?? -1))) throw new Error(`${what}, out of order`);
  if (expired) throw new Error(`${what}, and the lease is over`);
}

/** What is not yet as it must be, in words; null: everything is, and the rules know it. */
export async function unsettled(cast: Cast): Promise<string | null> {
  const { rules } = cast;
  const relations = new Map<string, string>();
  for (const who of cast.everybody) {
    for (const whom of rules.others(who)) relations.set(`${who} ${whom}`, await cast.relation(who, whom));
  }
  const shown = (a: number, b: number): string => relations.get(`${a} ${b}`) ?? '';
  const connected = (a: number, b: number): boolean => shown(a, b) === 'connected' && shown(b, a) === 'connected';
  const lists = await Promise.all(cast.people.map((person) => person.client.call('shared', {})));
  const listed = (session: Session, reader: number): boolean => {
    const found = lists[session.owner]?.sessions.find((s) => s.session === cast.claude(session).session);
    return found?.recipients.some((r) => r.handle === cast.login(reader)) ?? false;
  };
  for (const who of cast.everybody) {
    for (const whom of rules.others(who)) {
      const names = `${cast.login(who)} (${shown(who, whom)}) and ${cast.login(whom)} (${shown(whom, who)})`;
      const [a, b] = [rules.consent(who, whom), rules.consent(whom, who)];
      if (a === 'yes' && b === 'yes' && !connected(who, whom)) return `${names} are not connected`;
      if (a === 'no' && shown(who, whom) === 'connected') return `${names} are connected`;
    }
  }
  for (const session of rules.sessions) {
    for (const reader of session.readers.keys()) {
      const open = connected(session.owner, reader) && listed(session, reader);
      const wrong = await wrongAbout(cast, session, reader, listed(session, reader), open);
      if (wrong) return `${cast.name(session)} and ${cast.login(reader)}: ${wrong}`;
    }
  }
  // What one of them has still to hear may end more than is seen now.
  const heard = (a: number, b: number): boolean => agree(shown(a, b), shown(b, a));
  rules.settled(heard, (a, b) => CONSENTING.has(shown(a, b)), listed);
  return null;
}

/** Relations in which one's own consent stands. */
const CONSENTING = new Set(['connected', 'pendingOut', 'declinedByThem']);

/** @param open as both see it, where the rules leave it open */
async function wrongAbout(
  cast: Cast,
  session: Session,
  reader: number,
  listed: boolean,
  open: boolean,
): Promise<string | null> {
  const entry = cast.rules.entry(session, reader);
  if (entry.listed !== 'either' && listed !== (entry.listed === 'yes')) return `listed: ${listed}, not ${entry.listed}`;
  const may = cast.rules.mayRead(session, reader);
  const texts = await cast.read(reader, session);
  if (may === 'yes' || (may === 'either' && open)) {
    const wanted = session.said.slice(entry.from);
    const exact = JSON.stringify(texts ?? []) === JSON.stringify(wanted);
    return exact ? null : `reads ${JSON.stringify(texts)}, not ${JSON.stringify(wanted)}`;
  }
  if (texts) return `reads ${JSON.stringify(texts)}`;
  const left = filesWith(path.join(cast.person(reader).home, 'state', 'inbox'), [cast.claude(session).session]);
  if (left.length > 0) return `${left.join()} is left`;
  return entry.ever ? null : crossed(cast, session, reader);
}

/** Of a session that was never theirs not even the name of a core was on the wire. */
function crossed(cast: Cast, session: Session, reader: number): string | null {
  const share = path.join(cast.person(session.owner).home, 'state', 'share');
  const file = path.join(share, cast.claude(session).session, 'session.json');
  if (!fs.existsSync(file)) return null;
  const { generations } = JSON.parse(fs.readFileSync(file, 'utf8')) as { generations: { core: string }[] };
  const { frames } = cast.person(reader);
  for (const { core } of generations) {
    const name = Hypercore.discoveryKey(Buffer.from(core, 'base64url'));
    if (frames.some((f) => f.bytes.includes(name))) return 'a core of it was on the wire';
  }
  return null;
}
