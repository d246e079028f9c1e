/** The facts of `teammate-sync status`, in words. */
import { count } from '../../platform/count-words.ts';
import { natAdvice, natText, OFFLINE_ADVICE, offlineReason } from '../../platform/network-words.ts';
import { ago } from '../../platform/time-span.ts';
import { when } from '../../platform/time-words.ts';
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import type { GithubStatus, NetworkStatus, Status } from '../../protocol/local-api.ts';
import type { Told } from './people.ts';

export interface HealthFact {
  name: string;
  state: Told | null;
  what: string;
  /** What to do; null: nothing. */
  advice: string | null;
}

/** In the order of the CLI's status. `now`: ms since 1970. */
export function healthFacts(status: Status, now: number): HealthFact[] {
  const { network, github } = status;
  return [
    daemonFact(status, now),
    ...(network === null ? [] : [networkFact(network, now)]),
    ...(github === null ? [] : [githubFact(github, now)]),
    {
      name: 'Claude Code',
      state: null,
      what: `${count(status.sessions, 'conversation')} live here`,
      advice: status.sessions === 0 ? 'if one is open and not counted, ask the doctor below' : null,
    },
    peopleFact(status),
  ];
}

function daemonFact({ version, pid, startedAt }: Status, now: number): HealthFact {
  const same = version === PRODUCT_VERSION;
  return {
    name: 'Daemon',
    state: same ? { words: 'running', tone: 'good' } : { words: 'another version', tone: 'bad' },
    what: `version ${version}, process ${pid}, since ${when(startedAt, now)}`,
    advice: same
      ? null
      : `this page is of version ${PRODUCT_VERSION}: type teammate-sync down && teammate-sync up, then teammate-sync dashboard`,
  };
}

function networkFact(network: NetworkStatus, now: number): HealthFact {
  const name = 'Network';
  const offline = offlineReason(network, now);
  if (offline !== null) {
    return { name, state: { words: 'offline', tone: 'bad' }, what: offline, advice: OFFLINE_ADVICE };
  }
  return {
    name,
    state: { words: network.state, tone: network.state === 'online' ? 'good' : 'waits' },
    what: `${count(network.peers, 'device')} of teammates in reach; NAT ${natText(network.nat)}`,
    advice: natAdvice(network.nat),
  };
}

function githubFact({ host, answeredAt, failedAt, failure }: GithubStatus, now: number): HealthFact {
  const name = 'GitHub';
  const last = answeredAt === null ? 'never since the daemon started' : ago(answeredAt, now);
  if (failedAt === null) {
    const state: Told =
      answeredAt === null ? { words: 'not asked yet', tone: 'none' } : { words: 'answers', tone: 'good' };
    return { name, state, what: `${host}, ${last}`, advice: null };
  }
  const what = `${failure ?? host} (tried ${ago(failedAt, now)}, last answer: ${last})`;
  return { name, state: { words: 'no answer', tone: 'bad' }, what, advice: 'existing connections go on without it' };
}

function peopleFact({ people, connected, pendingOut }: Status): HealthFact {
  const online = people.filter((person) => person.online).length;
  const stale = people.filter(({ staleSince }) => staleSince !== null).length;
  const parts = [
    connected === 0 ? 'nobody is connected yet' : `${online} of ${connected} online`,
    ...(pendingOut > 0 ? [`${count(pendingOut, 'invite')} of yours unanswered`] : []),
    ...(stale > 0 ? [`GitHub says nothing clear about ${count(stale, 'person', 'people')}`] : []),
  ];
  return { name: 'People', state: null, what: parts.join(', '), advice: null };
}
