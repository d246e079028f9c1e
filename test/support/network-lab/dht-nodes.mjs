/**
 * A DHT: `dht-nodes.mjs <port> <host>…`, the first host with the bootstrap node and every one with some more. Prints a
 * line when it is up; ends with its stdin.
 */
import HyperDHT from 'hyperdht';

const [port = '', ...hosts] = process.argv.slice(2);
const bootstrap = [`${hosts[0]}:${port}`];
const nodes = [HyperDHT.bootstrapper(Number(port), hosts[0], { host: hosts[0] })];
for (const host of hosts) {
  for (let i = 0; i < 3; i++) {
    nodes.push(new HyperDHT({ bootstrap, host, port: 0, ephemeral: false, firewalled: false, anyPort: true }));
  }
}
for (const node of nodes) await node.fullyBootstrapped();
process.stdout.write('up\n');
process.stdin.once('end', () => process.exit(0)).resume();
