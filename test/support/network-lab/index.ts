/** Machines with addresses of their own, in network namespaces that are linked with nothing else. */
export { machineOn } from './machine-on.ts';
export { canMakeNetworks, type Host, NetworkLab } from './network-lab.ts';
