/** The guard that keeps every test on this machine, and the runner that puts it there: both would fail a run, not a test. */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir } from './tmp-dir.ts';

const GUARD = path.join(import.meta.dirname, 'loopback-only.cjs').replaceAll('\\', '/');
const MODULES = path.resolve(import.meta.dirname, '../../node_modules');

interface Ended {
  code: number | string;
  output: string;
}

function node(args: string[], env: Record<string, string | undefined>): Promise<Ended> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? '?', output }));
  });
}

/** Runs a script under the guard; what it tried is what the guard wrote down. */
async function guarded(source: string): Promise<Ended & { recorded: string[] }> {
  const folder = tempDir();
  const script = path.join(folder, 'script.mjs');
  const marker = path.join(folder, 'marker');
  fs.symlinkSync(MODULES, path.join(folder, 'node_modules'), 'junction');
  fs.writeFileSync(script, source);
  const ended = await node([script], {
    PATH: process.env['PATH'],
    NODE_OPTIONS: `--require ${JSON.stringify(GUARD)}`,
    LOOPBACK_ONLY_MARKER: marker,
  });
  const text = fs.existsSync(marker) ? fs.readFileSync(marker, 'utf8') : '';
  return {
    ...ended,
    recorded: [...text.matchAll(/^process \d+: Error: loopback only: (.*) was stopped$/gm)].map(
      ([, what = '']) => what,
    ),
  };
}

/** 192.0.2.0/24 and .invalid are for documentation: nobody is there, should the guard fail. */
const WAYS_OUT: Record<string, [script: string, recorded: string]> = {
  TCP: [`import net from 'node:net'; net.connect(80, '192.0.2.1')`, 'TCP to 192.0.2.1'],
  'TCP by IPv6': [`import net from 'node:net'; net.connect({ port: 80, host: '2001:db8::1' })`, 'TCP to 2001:db8::1'],
  TLS: [`import tls from 'node:tls'; tls.connect(443, '192.0.2.1')`, 'TCP to 192.0.2.1'],
  HTTP: [`import { get } from 'node:http'; get('http://192.0.2.1/')`, 'TCP to 192.0.2.1'],
  'fetch of a name': [`await fetch('https://example.invalid/')`, 'TCP to example.invalid'],
  UDP: [`import dgram from 'node:dgram'; dgram.createSocket('udp4').send('x', 53, '192.0.2.1')`, 'UDP to 192.0.2.1'],
  'UDP with all arguments': [
    `import dgram from 'node:dgram'; dgram.createSocket('udp4').send(Buffer.from('x'), 0, 1, 53, '192.0.2.1')`,
    'UDP to 192.0.2.1',
  ],
  'connected UDP': [
    `import dgram from 'node:dgram'; dgram.createSocket('udp4').connect(53, '192.0.2.1')`,
    'UDP to 192.0.2.1',
  ],
  DNS: [`import { lookup } from 'node:dns/promises'; await lookup('example.invalid')`, 'DNS of example.invalid'],
  'a DNS server': [
    `import { Resolver } from 'node:dns'; new Resolver().resolve4('localhost', () => {})`,
    'DNS of localhost',
  ],
  UDX: [
    `import UDX from 'udx-native'; await new UDX().createSocket().send(Buffer.from('x'), 53, '192.0.2.1')`,
    'UDX to 192.0.2.1',
  ],
  'UDX without waiting': [
    `import UDX from 'udx-native'; new UDX().createSocket().trySend(Buffer.from('x'), 53, '192.0.2.1')`,
    'UDX to 192.0.2.1',
  ],
  'a stream of UDX': [
    `import UDX from 'udx-native'; const udx = new UDX(); udx.createStream(1).connect(udx.createSocket(), 2, 53, '192.0.2.1')`,
    'UDX to 192.0.2.1',
  ],
  'DNS of UDX': [`import UDX from 'udx-native'; await new UDX().lookup('example.invalid')`, 'DNS of example.invalid'],
  'a child with an environment of its own': [
    `import { spawn, spawnSync } from 'node:child_process';
     const child = spawn(process.execPath, ['-e', 'require("net").connect(80, "192.0.2.1")'], { env: {} });
     child.once('exit', (code) => process.exit(code));`,
    'TCP to 192.0.2.1',
  ],
};

describe('the guard', () => {
  it.each(Object.entries(WAYS_OUT))('stops and records %s', async (_name, [script, recorded]) => {
    const ended = await guarded(script);
    expect(ended.recorded).toEqual([recorded]);
    expect(ended.code).toBe(1);
  });

  it('records also what is swallowed', async () => {
    const swallowing = `import net from 'node:net'; try { net.connect(80, '192.0.2.1') } catch {}`;
    expect(await guarded(swallowing)).toEqual({ code: 0, output: '', recorded: ['TCP to 192.0.2.1'] });
  });

  it('lets everything on this machine through', async () => {
    const { code, output, recorded } = await guarded(`
      import dgram from 'node:dgram';
      import { lookup } from 'node:dns/promises';
      import http from 'node:http';
      import net from 'node:net';
      import { once } from 'node:events';
      import UDX from 'udx-native';
      process.chdir(import.meta.dirname);
      const server = http.createServer((_, response) => response.end('here')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address();
      for (const host of ['127.0.0.1', 'localhost']) console.log(await (await fetch('http://' + host + ':' + port)).text());
      await once(net.connect(port), 'connect');
      await once(net.connect({ port: String(port), host: 'localhost' }), 'connect');
      const local = net.createServer().listen('./socket');
      await once(local, 'listening');
      await once(net.connect('./socket'), 'connect');
      await once(net.connect({ path: './socket' }), 'connect');
      const udp = dgram.createSocket('udp4').bind(0, '127.0.0.1');
      await once(udp, 'listening');
      udp.send('x', udp.address().port);
      console.log(String((await once(udp, 'message'))[0]));
      const udx = new UDX();
      const [a, b] = [udx.createSocket(), udx.createSocket()];
      b.bind(0, '127.0.0.1');
      await a.send(Buffer.from('y'), b.address().port, '127.0.0.1');
      console.log(String((await once(b, 'message'))[0]));
      await lookup('localhost');
      process.exit(0);
    `);
    expect([code, output, recorded]).toEqual([0, 'here\nhere\nx\ny\n', []]);
  });
});

describe('npm test', () => {
  async function runTests(test: string): Promise<Ended> {
    const root = tempDir();
    fs.symlinkSync(MODULES, path.join(root, 'node_modules'), 'junction');
    fs.writeFileSync(path.join(root, 'a.test.mjs'), `import { expect, it } from 'vitest';\n${test}`);
    return node([path.join(import.meta.dirname, 'run-tests.mjs'), '--root', root], {
      PATH: process.env['PATH'],
      TMPDIR: root,
      HOME: '/home/of-the-user',
      GH_TOKEN: 'gho_x',
      ANTHROPIC_API_KEY: 'x',
      CLAUDECODE: '1',
      TEAMMATE_SYNC_HOME: '/x',
      NODE_EXTRA_CA_CERTS: '/x',
      https_proxy: 'http://127.0.0.1:1',
    });
  }

  it('runs in a world of its own: no network, no home, none of the user', async () => {
    const { code, output } = await runTests(`
      import fs from 'node:fs';
      import os from 'node:os';
      it('sees', () => {
        expect(fs.readdirSync(process.env.HOME)).toEqual([]);
        const left = Object.keys(process.env).filter((name) => /^(GH_|ANTHROPIC|CLAUDE|TEAMMATE|NODE_EXTRA|http)/i.test(name));
        expect(left).toEqual([]);
        expect(process.env.NODE_OPTIONS).toContain('loopback-only.cjs');
        if (process.platform === 'linux') console.log('INTERFACES', Object.keys(os.networkInterfaces()).join());
      });
    `);
    expect(code, output).toBe(0);
    if (process.platform !== 'linux') return;
    const flags = process.getuid?.() === 0 ? '-n' : '-rn';
    const has = spawnSync('unshare', [flags, 'ip', 'link', 'set', 'lo', 'up']).status === 0;
    expect(output).toMatch(has ? /INTERFACES lo$/m : /no network namespace/);
  });

  it('fails when a test fails, and when one tried to leave and kept it to itself', async () => {
    expect(await runTests(`it('fails', () => expect(1).toBe(2));`)).toMatchObject({ code: 1 });
    const left = await runTests(`
      import net from 'node:net';
      it('passes', () => { try { net.connect(80, '192.0.2.1') } catch {} });
    `);
    expect(left.code, left.output).toBe(1);
    expect(left.output).toContain('Something tried to leave this machine');
    expect(left.output).toContain('TCP to 192.0.2.1');
  });
});
