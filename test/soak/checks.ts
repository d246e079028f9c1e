/** Everything that must hold between the two once all is quiet; what must hold at any time breaks the run at once. */
import { filesWith } from '../support/disk.ts';
import { lookAtState } from './disk-state.ts';
import type { Facts } from './facts.ts';
import { codeOf, type Fact, type Side, type Talk } from './side.ts';
import { Broken } from './verbs.ts';

const QUIET_MS = 30_000;
const POLL_MS = 20;
/** Polls follow each other ever more slowly: each reads a lot. */
const POLL_GROWTH = 1.4;
const POLL_MAX_MS = 500;

interface View {
  connected: boolean;
  relation: string;
  /** Sessions that this one's own list gives to the other one. */
  listed: Set<string>;
}

async function viewOf(side: Side, other: Side): Promise<View> {
  const all = await side.person.client.call('connections', {});
  const { sessions } = await side.person.client.call('shared', {});
  const listed = sessions.filter((s) => s.recipients.some((r) => r.handle === other.name)).map((s) => s.session);
  const relation = (['accepted', 'pendingIn', 'pendingOut', 'declined', 'blocked'] as const).find((name) =>
    all[name].some((p) => p.handle === other.name),
  );
  return { connected: relation === 'accepted', relation: relation ?? 'none', listed: new Set(listed) };
}

const contradicts = (fact: Fact, actual: boolean): boolean => fact !== 'either' && (fact === 'on') !== actual;

/** What can be read is the beginning of what was written, in order, each once, and not more than may be. */
export async function readSafely(reader: Side, owner: Side, talk: Talk): Promise<string[] | null> {
  const limit = talk.limit;
  const texts = await reader.read(owner, talk);
  if (!texts) return null;
  const at = texts.findIndex((text, i) => text !== talk.said[i]);
  if (at >= 0) {
    throw new Broken(
      `${reader.name} reads ${JSON.stringify(texts[at])} as number ${at} of ${talk.claude.session}, not ${JSON.stringify(talk.said[at])}`,
    );
  }
  if (texts.length > limit)
    throw new Broken(`${reader.name} reads ${texts.length} lines where ${limit} were ever open`);
  return texts;
}

/** The first thing that is not as it must be, in words; null: all is well. */
async function firstWrong(facts: Facts): Promise<string | null> {
  const [a, b] = facts.sides;
  const views = new Map<Side, View>([
    [a, await viewOf(a, b)],
    [b, await viewOf(b, a)],
  ]);
  const connected = [...views.values()].every((v) => v.connected);
  for (const [side, view] of views) {
    if (view.connected !== connected) return `${side.name} alone is connected`;
    if (contradicts(facts.trust, view.connected)) return `${side.name}: ${view.relation}, but trust is ${facts.trust}`;
    for (const talk of side.talks) {
      const id = talk.claude.session;
      if (contradicts(talk.shared, view.listed.has(id)))
        return `${side.name}'s list is wrong about ${id}: ${talk.shared} expected`;
    }
    if (view.relation === 'none' && facts.left.has(side) && view.listed.size > 0) {
      return `${side.name} has left and still shares ${[...view.listed].join()}`;
    }
  }
  for (const side of facts.sides) {
    const other = facts.other(side);
    for (const talk of side.talks) {
      const id = talk.claude.session;
      const open = connected && views.get(side)?.listed.has(id) === true;
      const texts = await readSafely(other, side, talk);
      if (open && texts?.length !== talk.said.length)
        return `${other.name} reads ${texts?.length ?? 'nothing'} of ${talk.said.length} lines of ${id}`;
      if (!open && texts) return `${other.name} still reads ${id}`;
      if (!open && filesWith(other.person.home, [id]).length > (otherOwns(other, id) ? 1 : 0))
        return `${filesWith(other.person.home, [id]).join()} is left of ${id}`;
    }
    const found = lookAtState(side.person.home);
    if (found.wrong.length > 0) return `${side.name}: ${found.wrong.join(', ')}`;
    if (connected && found.share.ends.length > 0)
      return `${side.name} has ${found.share.ends.length} ends that nobody heard`;
    const known = [...(views.get(side)?.listed ?? [])];
    const strays = found.share.sessions.filter((s) => !known.includes(s));
    if (strays.length > 0) return `${side.name} keeps cores of ${strays.join()}`;
  }
  facts.settle(connected, (talk) => [...views.values()].some((v) => v.listed.has(talk.claude.session)));
  return null;
}

const otherOwns = (side: Side, session: string): boolean => side.talks.some((t) => t.claude.session === session);

/** A folder that goes while it is looked through. */
function unlessChanging(error: unknown): string {
  if (codeOf(error) === 'ENOENT') return String(error);
  throw error;
}

/** What both say of themselves, for whoever has to find out why. */
async function account(facts: Facts): Promise<string> {
  const lines = facts.sides.map(async (side) => {
    const { client } = side.person;
    const { errors } = await client.call('status', {});
    const params = { handle: facts.other(side).name };
    const inbox = await client.call('inbox', { params }).catch((error: unknown) => String(error));
    const { sessions } = await client.call('shared', {});
    const shared = sessions.map(({ session, turns, live, recipients }) => ({ session, turns, live, recipients }));
    return `${side.name}: ${JSON.stringify({ errors, inbox, shared })}`;
  });
  return (await Promise.all(lines)).join('\n');
}

/** Resolves when everything is as it must be. @throws Broken with what was wrong at last */
export async function quiet(facts: Facts): Promise<void> {
  const deadline = performance.now() + QUIET_MS;
  for (let wait = POLL_MS; ; wait = Math.min(wait * POLL_GROWTH, POLL_MAX_MS)) {
    const wrong = await firstWrong(facts).catch(unlessChanging);
    if (!wrong) return;
    if (performance.now() >= deadline) throw new Broken(`not within ${QUIET_MS} ms: ${wrong}\n${await account(facts)}`);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
