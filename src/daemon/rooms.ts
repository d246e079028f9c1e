/** All rooms of one running daemon, built once and handed to what wires them together and to the local API's backend. */
import path from 'node:path';
import { type ClaudeTurns, createClaudeTurns, createLiveSessions, type LiveSessions } from '../capture/index.ts';
import { Connections } from '../connections/index.ts';
import {
  createGithubDirectory,
  findToken,
  type GithubDirectory,
  rememberToken,
  type TokenSource,
} from '../github/index.ts';
import { type Account, loadDeviceKeys, People, Self } from '../identity/index.ts';
import { Inbox } from '../inbox/index.ts';
import type { Clock } from '../platform/clock.ts';
import { CorePool } from '../platform/core-pool.ts';
import type { Logger } from '../platform/logger.ts';
import { claudeConfigDir } from '../platform/paths.ts';
import type { ProcessTable } from '../platform/process-table.ts';
import { openStateFile } from '../platform/state-file.ts';
import { int, object, oneOf } from '../protocol/decode.ts';
import { PRODUCT_VERSION } from '../protocol/version.ts';
import { Redaction } from '../redact/index.ts';
import { Sharing } from '../share/index.ts';
import { Swarm, type Tap } from '../swarm/index.ts';
import { Desktop } from './desktop.ts';
import type { IndexKeeper } from './answers/index-keeper.ts';
import { keepIndexes } from './answers/keep-indexes.ts';
import { Refreshes } from './answers/refreshes.ts';
import { ActivityLog, activityFile, NO_ACTIVITY } from './receipts/activity.ts';
import { Receipts } from './receipts/receipts.ts';
import { Aliases, aliasesFile, NO_ALIASES } from './aliases.ts';
import { History, historyFile, NO_HISTORY } from './history/history.ts';
import { EarlyGrants } from './early-grants.ts';
import { Notes } from './notes.ts';
import { OwnRecord, requireOwnRecord } from './own-record.ts';
import type { Environment, Settings } from './settings.ts';
import { NOTHING_TOLD, Told, toldFile } from './told.ts';

/** What a daemon is given from outside; tests steer time and look at frames through it. */
export interface Surroundings {
  env: Environment;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  processes: ProcessTable;
  logger: Logger;
  tap: Tap | null;
  /** The built file of the redaction thread. */
  redactor: string | URL;
  /** Folder of the dashboard's built page; `dashboard` beside the redaction thread's file by default. */
  page?: string | URL;
  /** Session cores that may be open at once; tests set it low. CORES_OPEN_MAX by default. */
  coresOpenMax?: number;
  /** Devices of contacts that are announced to at once; tests set it low. CONTACT_DEVICES_MAX by default. */
  contactDevicesMax?: number;
  /** The rotation passes over people with pinned devices for so long; tests set it low. GITHUB_KNOWN_MS by default. */
  githubKnownMs?: number;
  /** Shows a message on the user's desktop and goes on; nowhere by default. */
  showOnDesktop?: (text: string) => void;
}

export interface Rooms {
  settings: Settings;
  surroundings: Surroundings;
  self: Self;
  directory: GithubDirectory;
  /** Where the token comes from that GitHub is asked with; null: there is none. */
  tokenFrom: () => Promise<TokenSource | null>;
  people: People;
  connections: Connections;
  redaction: Redaction;
  sharing: Sharing;
  inbox: Inbox;
  /** The session cores that are open: own ones and copies alike. */
  cores: CorePool;
  swarm: Swarm;
  live: LiveSessions;
  turns: ClaudeTurns;
  notes: Notes;
  ownRecord: OwnRecord;
  earlyGrants: EarlyGrants;
  told: Told;
  desktop: Desktop;
  /** Of what can be read here and was searched, in memory only. */
  indexes: IndexKeeper;
  refreshes: Refreshes;
  /** What is read here, to be told to its owners. */
  receipts: Receipts;
  /** Who read which of our lines. */
  activity: ActivityLog;
  history: History;
  aliases: Aliases;
}

const transportFile = object({ v: oneOf(1), turn: int(0) });

/** Builds every room; starts nothing. @throws NOT_SET_UP, BAD_CONFIG, UNSAFE_FILE */
export function buildRooms(settings: Settings, surroundings: Surroundings): Rooms {
  const { env, clock, random, processes, logger, tap, redactor } = surroundings;
  const { paths, host, org, orgId } = settings;
  const inState = (name: string): string => path.join(paths.state, name);
  const notes = new Notes(clock, logger);
  const onError = (error: unknown): void => notes.add(error, '');
  const keys = loadDeviceKeys(paths.keys, null);
  const record = requireOwnRecord(paths.state, keys);
  const me = { uid: record.record.uid, login: record.record.login };
  const self = new Self({ ...me, workspace: { host, orgId }, keys, record, clock });
  const token = rememberToken(() => findToken(env, settings.apiBase, paths.auth));
  const directory = createGithubDirectory({
    ...{ apiBase: settings.apiBase, token: token.token, refused: token.refused },
    version: PRODUCT_VERSION,
    workspace: () => people.org,
    clock,
  });
  const warn = (what: string, error: unknown): void => notes.add(error, what);
  const people = new People({
    ...{ directory, host, me, clock, warn },
    org: { id: orgId, login: org },
    isDealtWith: (uid) => (connections.person(uid)?.relation ?? 'none') !== 'none' || answers.aliases.of(uid) !== null,
    ownRecord: () => self.record,
    pinsPath: inState('pins.json'),
    knownMs: surroundings.githubKnownMs,
  });
  const devices = (uid: number): string[] => people.goodDevices(uid).map((d) => d.sign);
  const connections = new Connections({ self, path: inState('connections.json'), clock, random, devices });
  const redaction = new Redaction({ file: redactor, clock });
  const cores = new CorePool(surroundings.coresOpenMax);
  const sharing = new Sharing({
    self,
    cores,
    clock,
    random,
    redaction,
    folder: inState('share'),
    devices: (uid) => people.goodDevices(uid).map(({ sign, box }) => ({ uid, sign, box })),
    connection: (uid) => connections.consented(uid)[0] ?? null,
    maySeal: (uid, sign) => people.maySeal(uid, sign, connections.person(uid)?.since ?? 0),
    onError,
  });
  const inbox = new Inbox({
    clock,
    cores,
    folder: inState('inbox'),
    sessionMaxBytes: settings.limits.sessionMaxBytes,
    personMaxBytes: settings.limits.personMaxBytes,
    consented: (uid) => connections.consented(uid),
    onProblem: (error, uid) => notes.add(error, people.get(uid)?.login ?? String(uid)),
  });
  const transport = openStateFile(inState('transport.json'), transportFile, { v: 1, turn: 0 });
  const swarm = new Swarm({
    self,
    clock,
    bootstrap: settings.bootstrap,
    loopback: settings.loopback,
    devicesMax: settings.limits.devicesMax,
    relay: settings.relay,
    turn: {
      get: () => transport.value.turn,
      set(turn) {
        transport.value.turn = turn;
        transport.save();
      },
    },
    tap,
  });
  const live = createLiveSessions({
    clock,
    processes,
    statePath: inState('sessions.json'),
    claudeConfigDir: claudeConfigDir(env),
    onError,
  });
  const turns = createClaudeTurns({ clock, claudeConfigDir: claudeConfigDir(env) });
  const told = new Told(openStateFile(inState('told.json'), toldFile, { ...NOTHING_TOLD }), onError);
  const desktop = new Desktop(clock, settings.notifications ? (surroundings.showOnDesktop ?? null) : null);
  const ownRecord = new OwnRecord({
    ...{ self, host, directory, clock },
    state: paths.state,
    isRevoked: () => people.isRevoked,
    onChanged: () => people.ownRecordChanged(),
    onPublished({ text }) {
      for (const link of swarm.links()) link.tell('record', { text });
    },
  });
  const own = { settings, surroundings, self, notes, ownRecord, earlyGrants: new EarlyGrants(), told, desktop };
  const activityState = openStateFile(inState('activity.json'), activityFile, { ...NO_ACTIVITY });
  const answers = {
    indexes: keepIndexes({ inbox, sharing, live, self }),
    refreshes: new Refreshes(),
    receipts: new Receipts(clock, (uid) => swarm.linksOf(uid)),
    activity: new ActivityLog(activityState, clock, onError),
    history: new History(openStateFile(inState('history.json'), historyFile, { ...NO_HISTORY }), clock, onError),
    aliases: new Aliases(
      openStateFile(inState('aliases.json'), aliasesFile, { ...NO_ALIASES }),
      (handle) => people.known(handle) ?? memberCalled(people, handle),
      (uid) => people.get(uid)?.login ?? null,
    ),
  };
  // A list of pins that was lost must not let another account step in behind an alias.
  for (const person of answers.aliases.people) people.keep(person);
  const tokenFrom = (): Promise<TokenSource | null> => token.token().then(token.from, () => null);
  return {
    ...own,
    ...answers,
    tokenFrom,
    directory,
    people,
    connections,
    redaction,
    sharing,
    inbox,
    cores,
    swarm,
    live,
    turns,
  };
}

/** A member whom this machine has not looked at yet has that handle, too. */
function memberCalled({ members: { members } }: People, handle: string): Account | null {
  const wanted = handle.replace(/^@/, '').toLowerCase();
  return members.find(({ login }) => login.toLowerCase() === wanted) ?? null;
}
