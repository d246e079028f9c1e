/**
 * A daemon's process entry that does what its environment says, to start, stop and set up for real.
 * `run` (foreground) and `serve` (background): answer status, shared and down on the home's socket. `setup`: prints the
 * lines of STUB_SETUP. What they were given goes to `<home>/daemon.json` and `<home>/setup.json`.
 */
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';

const home = process.env['TEAMMATE_SYNC_HOME'] ?? '';
const [mode = ''] = process.argv.slice(2);

function note(given) {
  const { GH_TOKEN: token } = process.env;
  fs.appendFileSync(
    path.join(home, mode === 'setup' ? 'setup.json' : 'daemon.json'),
    `${JSON.stringify({ pid: process.pid, argv: process.argv.slice(2), token, ...given })}\n`,
  );
}

function run() {
  if (process.env['STUB_RUN_EXIT']) process.exit(Number(process.env['STUB_RUN_EXIT']));
  const socket = path.join(home, 'run', 'daemon.sock');
  fs.mkdirSync(path.dirname(socket), { recursive: true, mode: 0o700 });
  const status = { pid: process.pid, version: '0.1.0', me: { handle: 'alice', org: 'acme' }, setUp: true };
  const server = http.createServer((request, response) => {
    response.setHeader('teammate-sync-api', '2');
    if (request.url === '/v1/down') {
      response.on('finish', () => end(0));
      response.end('{"ok":true}');
    } else if (request.url === '/v1/shared') response.end(process.env['STUB_SHARED'] ?? '{"sessions":[]}');
    else response.end(JSON.stringify(status));
  });
  const end = (code) => {
    server.close();
    fs.rmSync(socket, { force: true });
    process.exit(code);
  };
  process.on('SIGTERM', () => end(7));
  server.listen(socket, () => note({}));
}

/** Says all at once when it was asked, and ends when each of its questions was answered, or nobody listens any more. */
function setup() {
  let text = '';
  let ended = false;
  const says = process.env['STUB_SETUP'] ?? '';
  const lines = 1 + says.split('\n').filter((line) => /"type":"(?:choose|plan)"/.test(line)).length;
  const end = () => {
    if (ended) return;
    ended = true;
    note({ stdin: text });
    process.stderr.write(process.env['STUB_STDERR'] ?? '');
    process.exitCode = Number(process.env['STUB_SETUP_EXIT'] ?? '0');
    process.stdin.destroy();
  };
  process.stdin.on('data', (chunk) => {
    if (text === '') process.stdout.write(says);
    text += chunk;
    if (text.split('\n').length > lines) end();
  });
  process.stdin.on('end', end);
}

if (mode === 'run' || mode === 'serve') run();
else if (mode === 'setup') setup();
else process.exit(64);
