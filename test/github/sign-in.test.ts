/** Signing a device in: every answer that GitHub documents, its pacing, what is shown, and what is left. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type DeviceCode, forgetToken, keepToken, lookForToken, signInDevice } from '../../src/github/index.ts';
import { parseApiBase } from '../../src/platform/api-host.ts';
import { type StandIn, startGithubStandIn } from '../support/github-stand-in/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { until } from '../support/until.ts';
import { get } from './http.ts';
import { everythingOf, failure, startOtherHost } from './harness.ts';

const APP = 'Iv1.stand-in';
const SECOND = 1000;

let clock: ManualClock;
let standIn: StandIn;
beforeEach(async () => {
  clock = new ManualClock();
  standIn = await startGithubStandIn({ now: () => clock.now() });
  onTestFinished(() => standIn.close());
  standIn.addUser({ login: 'Marie-T', id: 1001 });
  standIn.addOauthApp({ clientId: APP });
});

const polls = (): number => standIn.requests().filter(({ path: at }) => at.startsWith('/login/oauth')).length;

/** What was sent before this has arrived: it took the same way, and later. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await get(`${standIn.url}/zen`);
}

function begin(options: { url?: string; clientId?: string } = {}) {
  const ended = new AbortController();
  const shown: DeviceCode[] = [];
  const left: number[] = [];
  const token = signInDevice({
    base: parseApiBase(options.url ?? standIn.url),
    clientId: options.clientId ?? APP,
    version: '0.1.0',
    clock,
    onCode: (code) => void shown.push(code),
    onWait: (ms) => void left.push(ms),
    signal: ended.signal,
  });
  token.catch(() => {});
  return {
    token,
    shown,
    left,
    abort: () => ended.abort(new Error('Ctrl-C')),
    code: async () => (await until(() => shown[0], { what: 'the code' }))?.userCode ?? '',
    /** Lets the time to the next poll pass, and returns when its answer is there. */
    async poll(seconds: number): Promise<void> {
      const before = left.length;
      clock.pass(seconds * SECOND);
      await Promise.race([until(() => left.length > before, { what: 'the next wait' }), token.catch(() => {})]);
    },
  };
}

describe('a device sign-in', () => {
  it('shows code and address, waits as long as GitHub asks, and gives a token with the two scopes', async () => {
    const flow = begin();
    const userCode = await flow.code();
    expect(flow.shown).toEqual([{ userCode, url: `${standIn.web}/login/device` }]);
    expect(standIn.pendingDevices()).toEqual([{ userCode, clientId: APP, scopes: ['gist', 'read:org'] }]);
    clock.pass(4.9 * SECOND);
    await settled();
    expect(polls()).toBe(0);
    await flow.poll(0.2);
    expect(polls()).toBe(1);
    expect(flow.left.length).toBe(2);
    expect(flow.left[1]).toBeLessThan(900 * SECOND);
    standIn.approveDevice(userCode, 'Marie-T');
    await flow.poll(5);
    expect(await flow.token).toMatch(/^gho_/);
    expect(polls()).toBe(2);
  });

  it('asks more seldom after slow_down, by what GitHub says and never less', async () => {
    const flow = begin();
    const userCode = await flow.code();
    standIn.addFault({ path: '/login/oauth', status: 200, body: '{"error":"slow_down"}', times: 1 });
    await flow.poll(5);
    standIn.approveDevice(userCode, 'Marie-T');
    clock.pass(9.9 * SECOND);
    await settled();
    expect(polls()).toBe(1);
    await flow.poll(0.2);
    expect(await flow.token).toMatch(/^gho_/);
  });

  it.each([200, 400])('ends by its own error when refused or expired (told with status %d)', async (status) => {
    standIn.setDeviceErrorStatus(status);
    const denied = begin();
    standIn.denyDevice(await denied.code());
    await denied.poll(5);
    expect(await failure(denied.token)).toMatchObject({ code: 'SIGN_IN_REFUSED' });
    const expired = begin();
    standIn.expireDevice(await expired.code());
    await expired.poll(5);
    expect(await failure(expired.token)).toMatchObject({ code: 'SIGN_IN_EXPIRED' });
  });

  it('ends by itself when nobody comes, also when GitHub does not say so', async () => {
    const flow = begin();
    await flow.code();
    standIn.addFault({ path: '/login/oauth', status: 200, body: '{"error":"authorization_pending"}', times: null });
    for (let i = 0; i < 4; i++) await flow.poll(300);
    expect(await failure(flow.token)).toMatchObject({ code: 'SIGN_IN_EXPIRED' });
  });

  it('says why an app cannot be used', async () => {
    standIn.addOauthApp({ clientId: 'off', deviceFlow: false });
    const off = await failure(begin({ clientId: 'off' }).token);
    expect(off).toMatchObject({ code: 'SIGN_IN_UNAVAILABLE', message: expect.stringContaining('switched off') });
    const unknown = await failure(begin({ clientId: 'nobody' }).token);
    expect(unknown).toMatchObject({ code: 'SIGN_IN_UNAVAILABLE', message: expect.stringContaining('client id') });
    const flow = begin();
    await flow.code();
    standIn.addOauthApp({ clientId: APP, deviceFlow: false });
    await flow.poll(5);
    expect(await failure(flow.token)).toMatchObject({ code: 'SIGN_IN_UNAVAILABLE' });
  });

  it('goes on over a hiccup of GitHub, and begins with none', async () => {
    const flow = begin();
    const userCode = await flow.code();
    standIn.addFault({ path: '/login/oauth', status: 502, body: '<html>', times: 1 });
    await flow.poll(5);
    standIn.addFault({ path: '/login/oauth', reset: true, times: 1 });
    await flow.poll(5);
    standIn.approveDevice(userCode, 'Marie-T');
    await flow.poll(5);
    expect(await flow.token).toMatch(/^gho_/);
    standIn.addFault({ path: '/login/device', reset: true, times: 1 });
    expect(await failure(begin().token)).toMatchObject({ code: 'GITHUB_UNREACHABLE' });
  });

  it('follows no redirect, and shows no address of another host', async () => {
    const other = await startOtherHost();
    standIn.addFault({ path: '/login/device', redirect: `${other.url}/login/device/code`, times: 1 });
    expect(await failure(begin().token)).toMatchObject({ code: 'GITHUB_UNREACHABLE' });
    const body = JSON.stringify({
      ...{ device_code: 'd'.repeat(40), user_code: 'BCDF-GHJK', expires_in: 900, interval: 5 },
      verification_uri: `${other.url}/login/device`,
    });
    standIn.addFault({ path: '/login/device', status: 200, body, times: 1 });
    const flow = begin();
    const error = await failure(flow.token);
    expect(error).toMatchObject({ code: 'SIGN_IN_UNAVAILABLE' });
    expect(everythingOf(error)).not.toContain(other.url);
    expect(flow.shown).toEqual([]);
    expect(other.requests).toEqual([]);
  });

  it('leaves nothing when it is ended: GitHub is not asked again', async () => {
    const flow = begin();
    const userCode = await flow.code();
    await flow.poll(5);
    flow.abort();
    await expect(flow.token).rejects.toThrow('Ctrl-C');
    standIn.approveDevice(userCode, 'Marie-T');
    clock.pass(60 * SECOND);
    await settled();
    expect(polls()).toBe(1);
  });

  it('of github.com is on the web site, not at the API', () => {
    expect(parseApiBase('https://api.github.com').web.href).toBe('https://github.com/');
    expect(parseApiBase('https://api.acme.ghe.com').web.href).toBe('https://acme.ghe.com/');
    expect(parseApiBase('https://git.example.org:8443/api/v3').web.href).toBe('https://git.example.org:8443/');
  });
});

describe('auth.json', () => {
  const env = (): NodeJS.ProcessEnv => ({ PATH: tempDir() });

  it('holds the token for its host, comes last, and can be forgotten', async () => {
    const home = path.join(tempDir(), 'home');
    const auth = path.join(home, 'auth.json');
    keepToken(auth, '127.0.0.1', 'gho_kept');
    expect(fs.statSync(auth).mode & 0o777).toBe(0o600);
    expect(fs.statSync(home).mode & 0o777).toBe(0o700);
    expect(await lookForToken(env(), standIn.url, auth)).toEqual({ token: 'gho_kept', from: 'auth.json' });
    const both = { ...env(), GH_TOKEN: 'ghp_set' };
    expect(await lookForToken(both, standIn.url, auth)).toEqual({ token: 'ghp_set', from: 'GH_TOKEN' });
    expect(await lookForToken(env(), 'https://git.example.org/api/v3', auth)).toBeNull();
    expect(forgetToken(auth)).toBe(true);
    expect(forgetToken(auth)).toBe(false);
    expect(fs.readdirSync(home)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is refused when others may read it, or behind a symlink', async () => {
    const auth = path.join(tempDir(), 'auth.json');
    keepToken(auth, '127.0.0.1', 'gho_kept');
    fs.chmodSync(auth, 0o644);
    expect(await failure(lookForToken(env(), standIn.url, auth))).toMatchObject({ code: 'UNSAFE_FILE' });
    expect(() => keepToken(auth, '127.0.0.1', 'gho_new')).toThrow('open to others');
    const link = path.join(tempDir(), 'auth.json');
    fs.chmodSync(auth, 0o600);
    fs.symlinkSync(auth, link);
    expect(await failure(lookForToken(env(), standIn.url, link))).toMatchObject({ code: 'UNSAFE_FILE' });
    expect(() => keepToken(link, '127.0.0.1', 'gho_new')).toThrow('symlink');
  });

  it('that is damaged is named, without a word of it', async () => {
    const auth = path.join(tempDir(), 'auth.json');
    fs.writeFileSync(auth, '{"v":1,"host":"127.0.0.1","token":"gho_half', { mode: 0o600 });
    const error = await failure(lookForToken(env(), standIn.url, auth));
    expect(error).toMatchObject({ code: 'BAD_CONFIG', message: expect.stringContaining(auth) });
    expect(everythingOf(error)).not.toContain('gho_half');
  });
});
