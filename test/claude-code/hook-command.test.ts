/** The hook command, run by the shell as Claude Code runs it: with a daemon, without one, without curl. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hookCommand, isOurCommand, programsIn } from '../../src/claude-code/hook-command.ts';
import { tempDir } from '../support/tmp-dir.ts';

/** With all that a shell could take for something else. */
const ODD = `it's "$HOME" \`x\` é;&`;
const INPUT = '{"hook_event_name":"UserPromptSubmit","prompt":"a \\\\n \\u00e9 %s \\"$HOME\\" `id`"}';

const RUN_MS = 20_000;

interface Asked {
  url: string;
  body: string;
}

/** A folder with an odd name that holds a socket, a Node and a command line that says what it was given. */
function place() {
  const folder = path.join(tempDir(), ODD);
  fs.mkdirSync(folder);
  const cli = path.join(folder, 'teammate-sync.cjs');
  fs.writeFileSync(
    cli,
    `let i = ''; process.stdin.on('data', (d) => (i += d)).on('end', () => {
       console.error('noise');
       console.log(JSON.stringify({ argv: process.argv.slice(2), i, pid: process.env.CLAUDE_PID, home: process.env.TEAMMATE_SYNC_HOME }));
       process.exitCode = 7;
     });`,
  );
  const node = path.join(folder, 'node');
  fs.symlinkSync(process.execPath, node);
  const paths = { home: path.join(folder, 'home'), socket: path.join(path.dirname(folder), 's') };
  return { folder, node, cli, paths, command: hookCommand({ node, cli }, paths, 'linux') };
}

async function daemon(socket: string, status: number, answer: string): Promise<Asked[]> {
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      asked.push({ url: request.url ?? '', body });
      response.writeHead(status).end(answer);
    });
  });
  server.listen(socket);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return asked;
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** @param closes false: stdin stays open after the line, as Claude Code leaves it at times */
async function runs(command: string, { env = {}, closes = true, shell = '/bin/sh' } = {}): Promise<Ended> {
  const child = spawn(shell, ['-c', command], {
    // A bash whose input is a socket reads the .bashrc of its home.
    env: { PATH: process.env['PATH'], HOME: '/nowhere', CLAUDE_PID: '4711', ...env },
    stdio: 'pipe',
  });
  // What waits for the end of its input would wait for good.
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_MS);
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
  child.stdin.on('error', () => {});
  child.stdin.write(`${INPUT}\n`);
  if (closes) child.stdin.end();
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  child.stdin.destroy();
  return { code, ...out };
}

const shells = ['/bin/sh', '/bin/bash', '/bin/zsh', '/bin/busybox'].filter((shell) => fs.existsSync(shell));
const silent = { code: 0, stdout: '', stderr: '' };

describe.skipIf(process.platform === 'win32')('the hook command', () => {
  it.each(shells)(
    'in %s hands the input to the daemon, prints its answer, and does not wait for the end',
    async (shell) => {
      const { command, paths } = place();
      const asked = await daemon(paths.socket, 200, '{"systemMessage":"two %s\\nlines"}');
      const env = {
        CLAUDE_CODE_ENTRYPOINT: 'cli',
        CLAUDE_CODE_SESSION_ATTENDED: '1',
        http_proxy: 'http://127.0.0.1:9',
      };
      const ended = await runs(command, { env, closes: false, shell });
      expect(ended).toEqual({ code: 0, stdout: '{"systemMessage":"two %s\\nlines"}\n', stderr: '' });
      expect(asked).toEqual([{ url: '/v1/hook/claude-code?pid=4711&entrypoint=cli&attended=1', body: INPUT }]);
    },
  );

  it('prints nothing when the daemon has nothing to say', async () => {
    const { command, paths } = place();
    await daemon(paths.socket, 204, '');
    expect(await runs(command)).toEqual(silent);
  });

  it.each([422, 500, null])('gives the same to the command line when the daemon answers with %s', async (status) => {
    const { command, paths } = place();
    if (status !== null) await daemon(paths.socket, status, '{"error":{}}');
    const { code, stdout, stderr } = await runs(command, { closes: false });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ argv: ['hook'], i: INPUT, pid: '4711', home: paths.home });
  });

  it('does so without curl, and names its parent when Claude Code does not say who it is', async () => {
    const { command, paths } = place();
    const asked = await daemon(paths.socket, 204, '');
    const bare = await runs(command, { env: { PATH: '/nowhere', CLAUDE_PID: '' } });
    expect(JSON.parse(bare.stdout)).toMatchObject({ i: INPUT, pid: String(process.pid) });
    expect(asked).toEqual([]);
    await runs(command, { env: { CLAUDE_PID: '' } });
    expect(asked[0]?.url).toContain(`pid=${process.pid}&`);
  });

  it('finds a program that was moved on the PATH, and says nothing when there is none', async () => {
    const { command, folder, cli, paths } = place();
    fs.rmSync(cli);
    expect(await runs(command)).toEqual(silent);
    const bin = path.join(path.dirname(folder), 'bin');
    fs.mkdirSync(bin);
    fs.writeFileSync(path.join(bin, 'teammate-sync'), '#!/bin/sh\necho "$@" "$TEAMMATE_SYNC_HOME"; cat\n', {
      mode: 0o755,
    });
    const { stdout } = await runs(command, { env: { PATH: `${bin}:${process.env['PATH']}` } });
    expect(stdout).toBe(`hook ${paths.home}\n${INPUT}`);
  });

  it('is known as ours with its programs, whatever their names are', () => {
    const { command, node, cli } = place();
    expect(isOurCommand(command)).toBe(true);
    expect(programsIn(command)).toEqual({ node, cli });
    expect(programsIn('teammate-sync hook')).toBeNull();
    expect(isOurCommand(hookCommand({ node, cli }, { home: '/h', socket: '/s' }, 'win32'))).toBe(true);
  });
});
