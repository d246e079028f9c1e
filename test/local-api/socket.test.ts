import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLocalApi, type LocalApi } from '../../src/local-api/index.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createLogger } from '../../src/platform/logger.ts';
import type { Done } from '../../src/protocol/local-api.ts';
import { startLocalApi } from '../support/local-api.ts';
import { bundle, run } from '../support/node-script.ts';
import { ask, connect } from '../support/raw-http.ts';
import { recordingBackend } from '../support/recording-backend.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';

function idleApi(socketPath: string): LocalApi {
  const logger = createLogger({ level: 'silent', clock: systemClock });
  const api = createLocalApi({ socketPath, backend: recordingBackend(), logger, version: '1.0.0' });
  onTestFinished(() => api.stop());
  return api;
}

describe.skipIf(process.platform === 'win32')('socket', () => {
  it('is 0600 in a 0700 folder, and gone after stop', async () => {
    const { api, socketPath } = await startLocalApi(recordingBackend());
    expect(fs.statSync(socketPath).mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.dirname(socketPath)).mode & 0o777).toBe(0o700);
    await api.stop();
    await api.stop();
    expect(fs.existsSync(socketPath)).toBe(false);
  });

  it('refuses a folder that others can enter, and listens nowhere then', async () => {
    const folder = path.join(tempDir(), 'run');
    fs.mkdirSync(folder);
    fs.chmodSync(folder, 0o755);
    await expect(idleApi(path.join(folder, 's')).start()).rejects.toMatchObject({ code: 'UNSAFE_FILE' });
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('takes the place of a socket whose daemon was killed', async () => {
    const dir = tempDir();
    const socketPath = path.join(dir, 's');
    const script = await bundle(
      `import net from 'node:net';
       net.createServer().listen(process.argv[2], () => console.log('listening'));`,
      dir,
    );
    const killed = run(script, [socketPath]);
    await until(() => killed.output().includes('listening'));
    killed.child.kill('SIGKILL');
    await killed.exit;
    expect(fs.existsSync(socketPath)).toBe(true);
    await idleApi(socketPath).start();
    expect((await ask(socketPath, 'GET', '/v1/status')).status).toBe(200);
  });

  it('never takes the place of one that answers, even with silence', async () => {
    const socketPath = path.join(tempDir(), 's');
    const silent = net.createServer().listen(socketPath);
    onTestFinished(() => void silent.close());
    await until(() => silent.listening);
    await expect(idleApi(socketPath).start()).rejects.toMatchObject({ code: 'DAEMON_ALREADY_RUNNING' });
    expect(
      await new Promise((resolve) =>
        net
          .connect(socketPath)
          .once('connect', () => resolve(true))
          .unref(),
      ),
    ).toBe(true);
  });

  it('removes nothing but sockets', async () => {
    const socketPath = path.join(tempDir(), 's');
    fs.writeFileSync(socketPath, 'mine');
    await expect(idleApi(socketPath).start()).rejects.toMatchObject({ code: 'UNSAFE_FILE' });
    expect(fs.readFileSync(socketPath, 'utf8')).toBe('mine');
  });

  it('opens no TCP port', async () => {
    const { api } = await startLocalApi(recordingBackend());
    expect(process.getActiveResourcesInfo()).not.toContain('TCPSERVERWRAP');
    await api.stop();
  });

  it('on stop lets the answer out that is being made, and closes the rest', async () => {
    let finish: (() => void) | undefined;
    const backend = recordingBackend({
      down: () =>
        new Promise<Done>((resolve) => {
          finish = () => resolve({ ok: true });
        }),
    });
    const { api, socketPath } = await startLocalApi(backend);
    const idle = connect(socketPath);
    const answer = ask(socketPath, 'POST', '/v1/down');
    await until(() => backend.calls.length === 1);
    const stopping = api.stop();
    await expect(ask(socketPath, 'GET', '/v1/status')).rejects.toThrow(/ENOENT|ECONNREFUSED/);
    finish?.();
    expect((await answer).body).toBe('{"ok":true}');
    await stopping;
    await idle.closed;
    expect(fs.existsSync(socketPath)).toBe(false);
  });

  it('does not wait for ever for an answer that never comes', async () => {
    const backend = recordingBackend({ whoami: () => new Promise(() => {}) });
    const { api, socketPath } = await startLocalApi(backend);
    const answer = ask(socketPath, 'GET', '/v1/whoami');
    answer.catch(() => {});
    await until(() => backend.calls.length === 1);
    await api.stop();
    await expect(answer).rejects.toThrow();
  });
});
