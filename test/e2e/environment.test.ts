/** A repository's environment that names another API base, and a token that would be recognised wherever it went. */
import fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verbs } from '../../src/cli/verb-table.ts';
import { filesBelow, filesWith, spellings } from '../support/disk.ts';
import { startGithubStandIn, type StandIn } from '../support/github-stand-in/index.ts';
import { type Machine, ORG, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

const CANARY = `ghp_${'CanaryToken'.repeat(3)}`;

let world: ProcessWorld;
let marie: Machine;
/** Another GitHub that knows marie's token, so that nothing fails there by itself. */
let other: StandIn;
/** Every connection that reached another place than the configured one. */
const strayed: string[] = [];
let wire: Server;
let elsewhere: Record<string, string>;

beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  [marie] = await world.readyPeople('marie', 'sam');
  await world.github.addToken('marie', ['gist', 'read:org'], CANARY);
  other = await startGithubStandIn();
  other.addUser({ login: 'marie', id: 1001, token: CANARY });
  other.addOrg({ login: ORG, id: 9009, members: ['marie'] });
  wire = createServer((request, response) => {
    strayed.push(`${request.method} ${request.url} ${JSON.stringify(request.rawHeaders)}`);
    response.writeHead(307, { location: other.url + (request.url ?? '/') }).end();
  });
  wire.on('connection', () => strayed.push('a connection'));
  await new Promise<void>((resolve) => {
    wire.listen(0, '127.0.0.1', resolve);
  });
  elsewhere = {
    TEAMMATE_SYNC_GITHUB_API: `http://127.0.0.1:${(wire.address() as AddressInfo).port}`,
    GH_TOKEN: CANARY,
  };
});
afterAll(async () => {
  wire.closeAllConnections();
  wire.close();
  await other.close();
  await world.close();
});

/** What each verb is typed with; those that are missing here fail the test. */
const TYPED: Readonly<Record<string, string[][]>> = {
  up: [['up']],
  status: [['status'], ['status', '--line']],
  doctor: [['doctor']],
  logs: [['logs', '-n', '5']],
  whoami: [['whoami']],
  share: [
    ['share', 'sam'],
    ['share', 'sam', '--preview'],
  ],
  shared: [['shared']],
  activity: [['activity']],
  dashboard: [['dashboard', '--no-open']],
  alias: [['alias'], ['alias', 'sammy', 'sam'], ['alias', '--remove', 'sammy']],
  unshare: [['unshare', '--all']],
  connections: [['connections']],
  teammates: [['teammates']],
  verify: [['verify', 'sam']],
  accept: [['accept', 'sam']],
  decline: [['decline', 'sam']],
  disconnect: [['disconnect', 'sam']],
  block: [['block', 'sam']],
  unblock: [['unblock', 'sam']],
  devices: [['devices']],
  trust: [
    ['trust', 'sam'],
    ['trust', 'sam', 'AAAA-BBBB-CCCC'],
  ],
  revoke: [['revoke', 'AAAA-BBBB-CCCC']],
  show: [['show', 'sam']],
  ask: [
    ['ask', 'sam', 'what was decided?'],
    ['ask', 'sam', 'why?', '--synthesize'],
  ],
  cite: [['cite', 'e1-0000']],
  mcp: [['mcp']],
  version: [['version']],
  help: [['help']],
  init: [
    ['init', '--org', ORG, '--dry-run'],
    ['init', '--org', ORG],
    ['init', '--yes'],
  ],
  uninstall: [['uninstall', '--dry-run'], ['uninstall']],
  down: [['down']],
  // The daemon runs until it is stopped, and hooks have an input: see the test. A relay asks GitHub nothing, ever.
  daemon: [],
  relay: [],
  hook: [],
  logout: [['logout', '--keep-device'], ['logout']],
};

describe('an environment that names another API base', () => {
  it(
    'changes nothing for a home that is set up, whatever is typed: nothing reaches it',
    { timeout: 180_000 },
    async () => {
      const untested = verbs.map(({ name }) => name).filter((name) => !Object.hasOwn(TYPED, name));
      expect(untested).toEqual([]);
      // A daemon that was started in such a folder, and one that runs in it in the foreground.
      await marie.ok(['down']);
      await marie.ok(['up'], { env: elsewhere });
      const claude = await marie.claude('webshop', 'one');
      await claude.hook('SessionStart', { source: 'startup' });
      const before = fs.readFileSync(marie.paths.config, 'utf8');
      for (const [verb, lines] of Object.entries(TYPED)) {
        for (const args of lines) {
          const { stderr } = await marie.run(args, { env: elsewhere, cwd: claude.cwd });
          expect(stderr, args.join(' ')).not.toContain(CANARY);
          expect(strayed, args.join(' ')).toEqual([]);
        }
        if (verb === 'init') {
          expect(fs.readFileSync(marie.paths.config, 'utf8')).toBe(before);
          const said = await marie.ok(['init', '--yes'], { env: elsewhere });
          expect(said).toContain('what TEAMMATE_SYNC_GITHUB_API names is not asked');
          await marie.ok(['down']);
          await until(() => marie.daemonPid === null, { what: 'the daemon to be gone' });
          const foreground = marie.start(['daemon'], { env: elsewhere });
          await until(() => foreground.stdout().includes('ready'), { what: 'the daemon' });
          await world.github.clearLog();
          await until(async () => (await world.github.requests()).length > 0, { what: 'its requests to GitHub' });
          foreground.child.kill('SIGTERM');
          await foreground.ended;
        }
      }
      expect(strayed).toEqual([]);
      expect(other.requests()).toEqual([]);
      // The wire was watched: the first init of a home does go where it is told.
      const lena = await world.person('lena');
      await lena.run(['init', '--org', ORG], { env: elsewhere });
      expect(strayed.length).toBeGreaterThan(0);
      // And no redirect took the token further.
      expect(other.requests()).toEqual([]);
    },
  );
});

describe('a token', () => {
  it('is in no file of either side, no core, no log, no answer and no error', async () => {
    const canary = `ghp_${'Canary'.repeat(6)}`;
    const nora = await world.person('nora', { env: { GH_TOKEN: canary, TEAMMATE_SYNC_LOG: 'debug' } });
    await world.github.addToken('nora', ['gist', 'read:org'], canary);
    // Who is there when a daemon starts, it meets at once.
    const olaf = await world.person('olaf');
    await world.ready([nora, olaf]);
    const claude = await nora.claude('webshop', 'one', 'two');
    await nora.ok(['share', 'olaf'], { cwd: claude.cwd });
    await until(async () => (await olaf.client.call('connections')).pendingIn.length === 1);
    await olaf.ok(['accept', 'nora']);
    await until(async () => (await olaf.run(['show', 'nora'])).stdout.includes('two'));
    await world.github.revokeToken(canary);
    const said = [await nora.run(['init', '--yes']), await nora.run(['doctor']), await nora.run(['whoami', '--json'])];
    expect(said[0]?.stderr).toContain('GitHub does not accept the token');
    expect(JSON.stringify([said, await nora.client.call('status')])).not.toContain(canary);
    for (const { folder } of [nora, olaf]) {
      expect(filesBelow(folder).length).toBeGreaterThan(10);
      expect(filesWith(folder, spellings(canary))).toEqual([]);
    }
    expect(fs.existsSync(nora.paths.auth)).toBe(false);
  });
});
