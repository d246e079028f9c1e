/**
 * The network: finds the devices of contacts on topics that only the two can compute, proves who is at the other end,
 * and gives the other rooms one link per device, with a control channel and a mux for replication.
 *
 * Never: a byte to a device that has not proved itself; a topic that can be computed from handles; a core's discovery key
 * joined; a stranger's connection counted against a contact's.
 */
export type { Contact } from './contacts.ts';
export type { SwarmEvents } from './swarm.ts';
export { Swarm } from './swarm.ts';
export { DeviceLink } from './device-link.ts';
export type { Tap } from './epoch-node.ts';
