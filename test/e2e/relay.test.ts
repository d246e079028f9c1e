/** Two homes whose routers cannot be punched, and the relay of their team. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/platform/config.ts';
import { canMakeNetworks, type Host, machineOn, NetworkLab } from '../support/network-lab/index.ts';
import { type Machine, ORG, ProcessWorld, type Running } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

const relayOf = (machine: Machine): string | undefined => readConfig(machine.paths.config)?.relay;

describe.runIf(canMakeNetworks())('homes that cannot reach each other', () => {
  let lab: NetworkLab;
  let world: ProcessWorld;
  let rita: Machine;
  let marie: Machine;
  let tomas: Machine;
  let relay: Running;
  let key: string;

  const onHost = (login: string, host: Host): Promise<Machine> => machineOn(lab, host, world, login);

  beforeAll(async () => {
    lab = await NetworkLab.start();
    world = await ProcessWorld.start(productDir);
    rita = await onHost('rita', lab.host('rita'));
    marie = await onHost('marie', lab.home('marie', 'random'));
    tomas = await onHost('tomas', lab.home('tomas', 'random'));
    await rita.ok(['init', '--org', ORG, '--yes']);
    relay = rita.start(['relay']);
    await until(() => relay.stdout().endsWith('\n'), { what: 'the relay to be up' });
    key = /^relay ([0-9a-f]{64})\n$/.exec(relay.stdout())?.[1] ?? '';
  });
  afterAll(async () => {
    relay.child.kill('SIGTERM');
    await relay.ended;
    await world.close();
    lab.close();
  });

  it('meet through the relay that both have named', async () => {
    for (const machine of [marie, tomas]) {
      await machine.ok(['init', '--org', ORG, '--relay', key, '--yes']);
      await machine.ok(['up']);
    }
    const claude = await marie.claude('web', 'passed on by the relay');
    await marie.ok(['share', 'tomas', '--session', claude.session]);
    await until(async () => (await tomas.client.call('connections')).pendingIn.length === 1, {
      what: 'the invite to arrive through the relay',
      timeoutMs: 50_000,
    });
    await tomas.ok(['accept', 'marie']);
    await until(async () => (await tomas.run(['show', 'marie'])).stdout.includes('passed on by the relay'));
  });

  it('is the same relay after a restart, and init forgets it when told', async () => {
    relay.child.kill('SIGINT');
    expect((await relay.ended).code).toBe(0);
    relay = rita.start(['relay']);
    await until(() => relay.stdout() === `relay ${key}\n`, { what: 'the relay to be back' });
    await marie.ok(['init', '--org', ORG, '--yes']);
    expect(relayOf(marie)).toBe(key);
    await marie.ok(['init', '--org', ORG, '--relay', 'none', '--yes']);
    expect(relayOf(marie)).toBeUndefined();
    expect(await marie.failure(['init', '--org', ORG, '--relay', 'nonsense'])).toMatchObject({ exit: 2 });
  });
});
