/** A person's machine on a host of the lab. */
import type { Machine, ProcessWorld } from '../process-world/index.ts';
import type { Host, NetworkLab } from './network-lab.ts';

/** Not set up yet. The world's GitHub, which listens on the machine's own loopback, is lent to the host `login`. */
export async function machineOn(lab: NetworkLab, host: Host, world: ProcessWorld, login: string): Promise<Machine> {
  await lab.lend(login, Number(new URL(world.githubUrl).port), world.folder);
  const env = { TEAMMATE_SYNC_BOOTSTRAP: lab.bootstrap, NODE_OPTIONS: '' };
  return world.person(login, { within: host.within, env });
}
