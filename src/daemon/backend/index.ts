/** The local API's methods over the rooms: what a face may ask of a running daemon. */
import type { Backend } from '../../local-api/index.ts';
import type { DashboardResponse } from '../../protocol/dashboard.ts';
import { AskedPages } from '../answers/asked-pages.ts';
import type { Rooms } from '../rooms.ts';
import { activity } from './activity.ts';
import { setAlias } from './aliasing.ts';
import { byAlias } from './by-alias.ts';
import { Doctoring } from './doctoring.ts';
import { Greeting } from './greeting.ts';
import { answerByModel } from './answering.ts';
import { ask } from './asking.ts';
import { cite } from './citing.ts';
import { liveSessions } from './conversations.ts';
import { devices, revoke, trust } from './device-verbs.ts';
import { dump } from './dumping.ts';
import type { Endings } from './endings.ts';
import type { Presences } from './presence.ts';
import { anthropicKeyOf, connections, tokenOf, whoAmI } from './listings.ts';
import { requirePerson } from './person-only.ts';
import { accept, block, decline, disconnect, unblock } from './people-verbs.ts';
import { inboxOf, read } from './reading.ts';
import { outline } from './outline.ts';
import { shared } from './shares.ts';
import { preview, share, unshare } from './sharing-verbs.ts';
import { status } from './status.ts';
import { teammates } from './teammates.ts';
import { acceptedWider, comparedWider, sharedWider, trustedWider, unblockedWider } from './widenings.ts';
import { type ShownNumbers, verify } from './verify.ts';

/** What the backend shares with the dashboard's parts, and what only the daemon can do. */
export interface BackendOptions {
  /** When the daemon started, unix milliseconds. */
  startedAt: number;
  endings: Endings;
  presences: Presences;
  down: () => void;
  openDashboard: (port: number | null) => Promise<DashboardResponse>;
}

export function createBackend(rooms: Rooms, daemon: BackendOptions): Backend {
  const { endings, presences } = daemon;
  const pages = new AskedPages(rooms.surroundings.random);
  const shownNumbers: ShownNumbers = new Map();
  const greeting = new Greeting(rooms);
  const doctoring = new Doctoring(rooms);
  const backend: Backend = {
    status: async () => status(rooms, daemon.startedAt, presences),
    async down() {
      daemon.down();
      return { ok: true };
    },
    whoami: async () => ({ ...whoAmI(rooms), token: await tokenOf(rooms), anthropic: anthropicKeyOf(rooms) }),
    async hook(request) {
      rooms.live.onHook(request);
      rooms.turns.onHook(request);
      return { message: greeting.at(request) };
    },
    sessions: async () => ({ sessions: await liveSessions(rooms) }),
    preview: (request) => preview(rooms, request),
    async share(request, caller) {
      requirePerson(rooms, caller, ['share', ...request.to]);
      const answer = await share(rooms, request);
      sharedWider(rooms, caller, request, answer);
      return answer;
    },
    unshare: (request) => unshare(rooms, request),
    shared: async () => shared(rooms),
    activity: async () => activity(rooms),
    aliases: async () => ({ aliases: rooms.aliases.list }),
    async alias({ name, handle }, caller) {
      // Who types it later gives access to whom it means.
      if (handle !== null) requirePerson(rooms, caller, ['alias', name, handle], 'says who is meant from now on');
      return setAlias(rooms, name, handle);
    },
    connections: () => connections(rooms),
    teammates: () => teammates(rooms),
    async accept({ handle }, caller) {
      requirePerson(rooms, caller, ['accept', handle]);
      const answer = await accept(rooms, handle);
      acceptedWider(rooms, caller, answer);
      return answer;
    },
    decline: ({ handle }) => decline(rooms, handle),
    disconnect: ({ handle }) => disconnect(rooms, handle),
    block: ({ handle }) => block(rooms, handle),
    async unblock({ handle }, caller) {
      requirePerson(rooms, caller, ['unblock', handle]);
      const answer = await unblock(rooms, handle);
      unblockedWider(rooms, caller, answer);
      return answer;
    },
    devices: async () => devices(rooms),
    async verify(request, caller) {
      const { handle, match } = request;
      if (match) requirePerson(rooms, caller, ['verify', handle, '--match'], 'says that a number was compared');
      const answer = await verify(rooms, shownNumbers, request);
      if (match) comparedWider(rooms, caller, answer.handle);
      return answer;
    },
    async trust(request, caller) {
      const { handle, code } = request;
      // Without a code nothing changes: it only lists.
      if (code !== null) requirePerson(rooms, caller, ['trust', handle, code]);
      const answer = await trust(rooms, request);
      trustedWider(rooms, caller, answer);
      return answer;
    },
    revoke: ({ code }) => revoke(rooms, code),
    async dashboard({ port }, caller) {
      requirePerson(rooms, caller, ['dashboard'], 'opens a page that gives access');
      return daemon.openDashboard(port);
    },
    ask: (request, reader) => ask({ rooms, endings, presences, pages }, request, reader),
    cite: ({ citation }, reader) => cite({ rooms, endings, pages }, citation, reader),
    dump: (request, reader) => dump({ rooms, endings, presences }, request, reader),
    answer: (request, signal, reader) => answerByModel({ rooms, endings, presences, pages }, request, signal, reader),
    doctor: (signal) => doctoring.events(signal),
    outline: (request, signal) => outline({ rooms, endings }, request, signal),
    inbox: (handle, reader) => inboxOf(rooms, endings, handle, reader),
    read: (handle, query, signal, reader) => read(rooms, endings, handle, query, { signal, reader }),
  };
  return byAlias(backend, (typed) => rooms.aliases.meant(typed));
}
