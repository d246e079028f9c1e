/** Does a step, where it can be done now, and tells the rules what was answered. */
import { TeammateSyncError } from '../../../src/errors.ts';
import { HEAL_FAST_MS } from '../../../src/protocol/limits.ts';
import { until } from '../../support/until.ts';
import { agree, type Cast } from './cast.ts';
import { pair, type Session } from './rules.ts';
import { SENSIBLE, type Step } from './steps.ts';

const MINUTE = 60_000;
const HEAR_MS = 500;
const SESSIONS_MAX = 2;

/** What was done, in words; null: nothing. */
export async function perform(cast: Cast, step: Exclude<Step, { do: 'settle' }>): Promise<string | null> {
  const { rules, network } = cast;
  if (step.do === 'hear') return hear(cast);
  if (step.do === 'pass') {
    cast.pass(step.ms);
    network.release();
    return `${Math.round(step.ms / MINUTE)} minutes pass`;
  }
  const who = step.who % rules.people;
  const person = cast.person(who);
  const { login } = person;
  const others = rules.others(who);
  const whom = 'whom' in step && step.whom !== null ? (others[step.whom % others.length] ?? 0) : -1;
  const mine = rules.sessions.filter((s) => s.owner === who && !s.over);
  const session = mine['session' in step ? step.session % Math.max(1, mine.length) : 0];
  switch (step.do) {
    case 'say':
      return session ? say(cast, session) : null;
    case 'start':
      if (person.running) return null;
      await cast.bringUp(who);
      return `${login} starts`;
    case 'jump':
      person.clock.setWall(person.clock.now() + step.ms);
      return `the clock of ${login} jumps ${step.ms / MINUTE} minutes`;
  }
  if (!person.running) return null;
  switch (step.do) {
    case 'stop':
      await person.stop();
      network.stopped(who);
      rules.stopped(who);
      return `${login} stops`;
    case 'begin':
      if (mine.length >= SESSIONS_MAX) return null;
      await cast.beginSession(who);
      return `${login} begins a conversation`;
    case 'exit':
      if (!session) return null;
      await cast.claude(session).exit();
      cast.claude(session).kill();
      rules.ended(session);
      return `${login} ends ${cast.name(session)}`;
    case 'share':
      return session ? share(cast, whom, session, step.fromNow) : null;
    case 'unshare':
      return session ? unshare(cast, step.whom === null ? null : whom, session) : null;
    case 'unshareAll':
      await person.client.call('unshare', { body: { session: null, cwd: '/', from: [], all: true } });
      for (const one of mine) for (const reader of others) rules.unshared(one, reader);
      return `${login} unshares all`;
    case 'trust':
      return (await trust(cast, who, whom, step.nth)) ?? (session ? say(cast, session) : null);
    case 'cut':
      rules.cut.add(pair(who, whom));
      network.drop(who, whom);
      return `no network between ${login} and ${cast.login(whom)}`;
    case 'mend':
      rules.cut.delete(pair(who, whom));
      cast.pass(HEAL_FAST_MS);
      return `network between ${login} and ${cast.login(whom)}`;
    case 'drop':
      network.drop(who, whom);
      return `the link between ${login} and ${cast.login(whom)} breaks`;
    case 'frames':
      network.fault(who, whom, step.fault, step.count);
      return `${step.fault} ${step.count} frames from ${cast.login(whom)} to ${login}`;
    default:
      return null;
  }
}

function say(cast: Cast, session: Session): string {
  cast.say(session);
  return session.said.at(-1) ?? '';
}

export async function share(cast: Cast, whom: number, session: Session, fromNow: boolean): Promise<string> {
  const { owner } = session;
  const person = cast.person(owner);
  const before = await cast.relation(owner, whom);
  const { session: id, cwd } = cast.claude(session);
  const body = { session: id, cwd, to: [cast.login(whom)], note: null, fromNow, withThinking: false };
  const outcome = await typed(async () => (await person.client.call('share', { body })).people[0]?.outcome ?? '');
  if (!REFUSED.has(outcome)) cast.rules.shared(session, whom, outcome, before, fromNow);
  const how = fromNow ? ' from now' : '';
  return `${person.login} shares ${cast.name(session)}${how} with ${cast.login(whom)}, ${before}: ${outcome}`;
}

async function unshare(cast: Cast, whom: number | null, session: Session): Promise<string> {
  const person = cast.person(session.owner);
  const from = whom === null ? [] : [cast.login(whom)];
  const body = { session: cast.claude(session).session, cwd: '/', from, all: false };
  const outcome = await typed(async () => (await person.client.call('unshare', { body })) && 'done');
  // NOT_SHARED says the same of them.
  for (const reader of whom === null ? cast.rules.others(session.owner) : [whom]) cast.rules.unshared(session, reader);
  return `${person.login} unshares ${cast.name(session)} from ${from.join() || 'all'}: ${outcome}`;
}

/** Something that makes sense about another one, first of all about an invite. */
export async function trust(cast: Cast, who: number, whom: number, nth: number): Promise<string | null> {
  const { rules } = cast;
  let about = whom;
  for (const other of rules.others(who)) if ((await cast.relation(who, other)) === 'pendingIn') about = other;
  const before = await cast.relation(who, about);
  const verbs = SENSIBLE[before] ?? [];
  const verb = verbs[nth % verbs.length];
  if (!verb || verb === 'nothing') return null;
  const [person, handle] = [cast.person(who), cast.login(about)];
  const outcome = await typed(async () => (await person.client.call(verb, { body: { handle } })) && 'done');
  if (outcome === 'done') {
    if (verb === 'accept') rules.accepted(who, about);
    if (verb === 'decline') rules.declined(who, about);
    // Somebody blocked who was away hears of the parting only once they are unblocked.
    if (verb === 'disconnect' || verb === 'block' || verb === 'unblock') rules.parted(who, about);
  }
  return `${person.login}, ${before}: ${verb} ${handle}: ${outcome}`;
}

/** Lets what was said arrive, where it can; nothing depends on how much of it does. */
export async function hear(cast: Cast): Promise<string> {
  const allAgree = async (): Promise<boolean> => {
    for (const a of cast.everybody) {
      for (const b of cast.rules.others(a)) {
        if (!cast.rules.inContact(a, b)) continue;
        if (!agree(await cast.relation(a, b), await cast.relation(b, a))) return false;
      }
    }
    return true;
  };
  await until(allAgree, { timeoutMs: HEAR_MS }).catch(() => {});
  return '…';
}

const REFUSED = new Set(['NO_INVITE', 'NOT_CONNECTED', 'BLOCKED', 'NOT_SHARED', 'NO_SUCH_PERSON', 'NO_SESSION']);

async function typed(call: () => Promise<string>): Promise<string> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof TeammateSyncError && REFUSED.has(error.code)) return error.code;
    throw error;
  }
}
