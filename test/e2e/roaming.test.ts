/** Laptops that move: real addresses, links that go away and come back, in networks that lead nowhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canMakeNetworks, type Host, machineOn, NetworkLab } from '../support/network-lab/index.ts';
import { type ClaudeProcess, type Machine, ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';

const PATIENCE_MS = 50_000;

describe.runIf(canMakeNetworks())('a laptop that moves', () => {
  let lab: NetworkLab;
  let world: ProcessWorld;
  let marie: Machine;
  let tomas: Machine;
  let claude: ClaudeProcess;
  const hosts = new Map<string, Host>();

  async function onHost(login: string, host: Host): Promise<Machine> {
    hosts.set(login, host);
    return machineOn(lab, host, world, login);
  }

  beforeAll(async () => {
    lab = await NetworkLab.start();
    world = await ProcessWorld.start(productDir);
    [marie, tomas] = [await onHost('marie', lab.host('marie')), await onHost('tomas', lab.home('tomas'))];
    await world.ready([marie, tomas]);
    claude = await marie.claude('web', 'first line');
    await marie.ok(['share', 'tomas', '--session', claude.session]);
    await until(async () => (await tomas.run(['accept', 'marie'])).code === 0, { what: 'the invite' });
    await reads('first line');
  });
  afterAll(async () => {
    await world.close();
    lab.close();
  });

  /** Resolves when tomas can read a line. */
  async function reads(text: string): Promise<void> {
    const newest = async (): Promise<string> =>
      JSON.stringify(await tomas.client.call('inbox', { params: { handle: 'marie' } }));
    await until(async () => (await newest()).includes(text), {
      what: `tomas to read ${text}`,
      timeoutMs: PATIENCE_MS,
    });
  }

  it('is found again under its new address', async () => {
    for (const login of ['marie', 'tomas']) {
      hosts.get(login)?.move();
      claude.say(`${login} has moved`);
      await reads(`${login} has moved`);
    }
  });

  it('goes on when its link was away for longer than the time-outs', async () => {
    hosts.get('tomas')?.unplug();
    await until(async () => (await marie.client.call('status')).network?.peers === 0, {
      what: 'marie to notice',
      timeoutMs: PATIENCE_MS,
    });
    claude.say('said meanwhile');
    expect(await tomas.ok(['show', 'marie', claude.session])).not.toContain('said meanwhile');
    hosts.get('tomas')?.plug();
    await reads('said meanwhile');
  });
});
