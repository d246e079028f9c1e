/** What is in no log: the words of a conversation, notes, secrets and keys, whatever happens to them. */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spellings } from '../support/disk.ts';
import { type Machine, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

let world: ProcessWorld;
let marie: Machine;
let sam: Machine;
beforeAll(async () => {
  world = await ProcessWorld.start(productDir);
  [marie, sam] = await world.readyPeople('marie', 'sam');
});
afterAll(() => world.close());

const canary = (what: string): string => `canary-${what}-4711`;

describe('the log', () => {
  it('of a whole day holds nothing of it, not even at its most talkative, and is what `logs` prints', async () => {
    for (const machine of [marie, sam]) {
      await machine.ok(['down']);
      await machine.ok(['up'], { env: { TEAMMATE_SYNC_LOG: 'debug' } });
    }
    const secret = `ghp_${'Xy4'.repeat(12)}`;
    const claude = await marie.claude('webshop', canary('prompt'), canary('reply'));
    claude.write((w) => w.title(canary('title')).prompt(`export TOKEN=${secret}`));
    await marie.ok(['share', 'sam', '--note', canary('note')], { cwd: claude.cwd });
    await until(async () => (await sam.client.call('connections')).pendingIn.length === 1);
    await sam.ok(['accept', 'marie']);
    await until(async () => (await sam.run(['show', 'marie'])).stdout.includes(canary('reply')));
    await sam.run(['show', 'marie', canary('typed')]);
    await sam.run(['accept', canary('handle')]);
    // What goes wrong says more than what goes well.
    await world.github.addFault({ path: '/users', status: 500, body: canary('github') });
    await marie.run(['share', 'nobody-here'], { cwd: claude.cwd });
    fs.writeFileSync(claude.transcriptPath, `{"broken": "${canary('broken')}"\n`);
    claude.write((w) => w.prompt(canary('later')));
    await until(async () => (await marie.client.call('shared')).sessions[0]?.turns === 1);
    await marie.ok(['unshare'], { cwd: claude.cwd });
    await sam.run(['disconnect', 'marie']);

    for (const machine of [marie, sam]) {
      const keys = fs.readdirSync(machine.paths.keys).map((name) => fs.readFileSync(`${machine.paths.keys}/${name}`));
      const log = fs.readFileSync(machine.paths.log);
      const token = machine.env['GH_TOKEN'] ?? '';
      expect(token).not.toBe('');
      expect(log.toString()).not.toMatch(/canary-/);
      for (const needle of [token, secret, ...keys.flatMap((key) => spellings(key.toString('base64url')))]) {
        expect(log.includes(needle), String(needle)).toBe(false);
      }
      const printed = await machine.ok(['logs', '-n', '1000']);
      expect(printed).toContain(`ready handle=${machine.login}`);
      expect(printed.trimEnd().split('\n').length).toBe(log.toString().trimEnd().split('\n').length);
    }
  });
});
