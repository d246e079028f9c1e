import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { claudeConfigDir, homeDir, homePaths } from '../../src/platform/paths.ts';
import { tempDir } from '../support/tmp-dir.ts';

/** A home whose own socket path is over the limit. */
const longHome = (below: string): string => path.join(below, 'h'.repeat(120));

describe('homeDir', () => {
  it('is TEAMMATE_SYNC_HOME, else below the user’s home', () => {
    expect(homeDir({ TEAMMATE_SYNC_HOME: '/srv/ts/', HOME: '/home/ada' })).toBe('/srv/ts');
    expect(homeDir({ HOME: '/home/ada' })).toBe('/home/ada/.teammate-sync');
    expect(homeDir({ TEAMMATE_SYNC_HOME: '', HOME: '/home/ada' })).toBe('/home/ada/.teammate-sync');
  });

  it.each(['home', './home', '~/home'])('refuses the relative %s, which would be another home per folder', (given) => {
    expect(() => homeDir({ TEAMMATE_SYNC_HOME: given })).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
  });
});

describe('claudeConfigDir', () => {
  it('is CLAUDE_CONFIG_DIR, else ~/.claude', () => {
    expect(claudeConfigDir({ CLAUDE_CONFIG_DIR: '/cfg', HOME: '/home/ada' })).toBe('/cfg');
    expect(claudeConfigDir({ HOME: '/home/ada' })).toBe('/home/ada/.claude');
  });
});

describe.skipIf(process.platform === 'win32')('homePaths', () => {
  it('puts the socket below the home when that fits, counted in bytes', () => {
    expect(homePaths('/h').socket).toBe('/h/run/daemon.sock');
    const exactly = `/${'h'.repeat(100 - '//run/daemon.sock'.length)}`;
    expect(homePaths(exactly, {}).socket).toBe(`${exactly}/run/daemon.sock`);
    expect(homePaths(`${exactly}h`, {}).socket).not.toContain(exactly);
    const wide = `/${'ü'.repeat(60)}`;
    expect(homePaths(wide, {}).socket).not.toContain(wide);
  });

  it('else in a folder of its own in the runtime folder, another for another home', () => {
    const runtime = tempDir();
    const env = { XDG_RUNTIME_DIR: runtime };
    const { socket } = homePaths(longHome('/a'), env);
    expect(socket).toMatch(new RegExp(`^${runtime}/teammate-sync-[0-9a-f]{8}/daemon\\.sock$`));
    expect(homePaths(longHome('/b'), env).socket).not.toBe(socket);
    expect(homePaths(longHome('/a'), env).socket).toBe(socket);
  });

  it('without a runtime folder in the temporary one, named by user', () => {
    const tmp = tempDir();
    const { socket } = homePaths(longHome('/a'), { XDG_RUNTIME_DIR: '/nowhere', TMPDIR: tmp });
    expect(socket).toMatch(new RegExp(`/teammate-sync-(${process.getuid?.()}-)?[0-9a-f]{8}/daemon\\.sock$`));
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(100);
  });

  it('never in a folder that somebody else could have made', () => {
    const runtime = tempDir();
    const env = { XDG_RUNTIME_DIR: runtime };
    const first = path.dirname(homePaths(longHome('/a'), env).socket);
    fs.mkdirSync(first);
    fs.chmodSync(first, 0o755);
    expect(path.dirname(homePaths(longHome('/a'), env).socket)).not.toBe(first);
    fs.chmodSync(first, 0o700);
    expect(path.dirname(homePaths(longHome('/a'), env).socket)).toBe(first);
    fs.rmdirSync(first);
    fs.symlinkSync(tempDir(), first);
    expect(path.dirname(homePaths(longHome('/a'), env).socket)).not.toBe(first);
  });

  it('finds the socket of a daemon that was started with another environment', async () => {
    const [runtime, tmp] = [tempDir(), tempDir()];
    const home = longHome(tempDir());
    const env = { XDG_RUNTIME_DIR: runtime, TMPDIR: tmp };
    const first = path.dirname(homePaths(home, env).socket);
    expect(first.startsWith(runtime)).toBe(true);
    // Where a daemon without a runtime folder in its environment listens.
    const folder = path.join(tmp, `teammate-sync-${process.getuid?.()}-${first.slice(-8)}`);
    fs.mkdirSync(folder, { mode: 0o700 });
    const server = net.createServer().listen(path.join(folder, 'daemon.sock'));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => {
      server.once('listening', resolve);
    });
    expect(homePaths(home, env).socket).toBe(path.join(folder, 'daemon.sock'));
  });
});
