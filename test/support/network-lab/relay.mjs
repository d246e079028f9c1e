/**
 * Carries TCP over a socket in the file system, which crosses network namespaces: `relay.mjs tcp <port> <path>` listens on
 * 127.0.0.1 and goes to the path, `relay.mjs path <path> <port>` the other way. Prints a line when it listens; ends with
 * its stdin.
 */
import net from 'node:net';

const [from = '', a = '', b = ''] = process.argv.slice(2);
const [listen, to] =
  from === 'tcp'
    ? [{ host: '127.0.0.1', port: Number(a) }, { path: b }]
    : [{ path: a }, { host: '127.0.0.1', port: Number(b) }];
const server = net.createServer((here) => {
  const there = net.connect(to);
  for (const socket of [here, there]) socket.on('error', () => [here, there].forEach((s) => s.destroy()));
  here.pipe(there).pipe(here);
});
server.listen(listen, () => process.stdout.write('up\n'));
process.stdin.once('end', () => process.exit(0)).resume();
