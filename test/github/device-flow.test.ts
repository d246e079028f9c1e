/** Signing in on a device, as the stand-in's web host does it: each error that GitHub documents, and its pacing. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DEVICE_GRANT, type StandIn, startGithubStandIn } from '../support/github-stand-in/index.ts';
import { type Got, field, get, request } from './http.ts';

const APP = 'Iv1.stand-in';
const JSON_PLEASE = { accept: 'application/json' };

let standIn: StandIn;
let nowMs = 0;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 22, 12);
  standIn = await startGithubStandIn({ now: () => nowMs });
  onTestFinished(() => standIn.close());
  standIn.addUser({ login: 'Marie-T', id: 1001 });
  standIn.addOauthApp({ clientId: APP });
});

interface Waiting {
  userCode: string;
  deviceCode: string;
}

async function begin(scope = 'gist read:org'): Promise<Waiting> {
  const { status, json } = await post('/login/device/code', { client_id: APP, scope });
  expect(status).toBe(200);
  return { userCode: String(field(json, 'user_code')), deviceCode: String(field(json, 'device_code')) };
}

function post(path: string, fields: Record<string, string>, headers = JSON_PLEASE): Promise<Got> {
  const form = new URLSearchParams(fields).toString();
  return request('POST', standIn.web + path, { 'content-type': 'application/x-www-form-urlencoded', ...headers }, form);
}

const poll = ({ deviceCode }: Waiting, more: Record<string, string> = {}): Promise<Got> =>
  post('/login/oauth/access_token', { client_id: APP, device_code: deviceCode, grant_type: DEVICE_GRANT, ...more });

const errorOf = async (asked: Promise<Got>): Promise<unknown> => field((await asked).json, 'error');
const wait = (seconds: number): void => void (nowMs += seconds * 1000);

describe('the codes', () => {
  it('are of the documented form', async () => {
    const { json } = await post('/login/device/code', { client_id: APP, scope: 'gist' });
    expect(json).toEqual({
      device_code: expect.stringMatching(/^[0-9a-f]{40}$/),
      user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verification_uri: `${standIn.web}/login/device`,
      expires_in: 900,
      interval: 5,
    });
    expect(standIn.pendingDevices()).toEqual([{ userCode: field(json, 'user_code'), clientId: APP, scopes: ['gist'] }]);
  });

  it('come as a form unless JSON is asked for, and for JSON too', async () => {
    const form = await post('/login/device/code', { client_id: APP }, { accept: '*/*' });
    expect(form.headers.get('content-type')).toBe('application/x-www-form-urlencoded');
    expect(new URLSearchParams(form.text).get('expires_in')).toBe('900');
    const headers = { ...JSON_PLEASE, 'content-type': 'application/json' };
    const json = await request('POST', `${standIn.web}/login/device/code`, headers, { client_id: APP });
    expect(json).toMatchObject({ status: 200, json: { interval: 5 } });
  });

  it('are not given to an app that is not there, or has it switched off', async () => {
    expect(await post('/login/device/code', { client_id: 'nobody' })).toMatchObject({ status: 404 });
    standIn.addOauthApp({ clientId: 'off', deviceFlow: false });
    expect(await errorOf(post('/login/device/code', { client_id: 'off' }))).toBe('device_flow_disabled');
  });
});

describe('a poll', () => {
  it('waits until the person agrees, and is then given a token that works, once', async () => {
    const waiting = await begin();
    expect(await errorOf(poll(waiting))).toBe('authorization_pending');
    standIn.approveDevice(waiting.userCode.toLowerCase(), 'marie-t');
    wait(5);
    const { status, json } = await poll(waiting);
    expect(status).toBe(200);
    expect(json).toEqual({
      access_token: expect.stringMatching(/^gho_/),
      token_type: 'bearer',
      scope: 'gist,read:org',
    });
    const me = await get(`${standIn.url}/user`, { authorization: `Bearer ${String(field(json, 'access_token'))}` });
    expect(me.json).toMatchObject({ login: 'Marie-T' });
    expect(me.headers.get('x-oauth-scopes')).toBe('gist, read:org');
    expect(me.headers.get('x-oauth-client-id')).toBe(APP);
    wait(5);
    expect(await errorOf(poll(waiting))).toBe('incorrect_device_code');
    expect(standIn.pendingDevices()).toEqual([]);
  });

  it('too soon makes the interval longer, each time', async () => {
    const waiting = await begin();
    expect(await errorOf(poll(waiting))).toBe('authorization_pending');
    wait(4);
    expect((await poll(waiting)).json).toMatchObject({ error: 'slow_down', interval: 10 });
    wait(9);
    expect((await poll(waiting)).json).toMatchObject({ error: 'slow_down', interval: 15 });
    wait(15);
    expect(await errorOf(poll(waiting))).toBe('authorization_pending');
    standIn.approveDevice(waiting.userCode, 'Marie-T');
    wait(1);
    expect((await poll(waiting)).json).toMatchObject({ error: 'slow_down', interval: 20 });
  });

  it('ends when the person refuses, or nobody comes for 15 minutes', async () => {
    const denied = await begin();
    standIn.denyDevice(denied.userCode);
    expect(await errorOf(poll(denied))).toBe('access_denied');
    expect(() => standIn.approveDevice(denied.userCode, 'Marie-T')).toThrow('no device waits');
    const late = await begin();
    wait(899);
    expect(await errorOf(poll(late))).toBe('authorization_pending');
    wait(1);
    expect(await errorOf(poll(late))).toBe('expired_token');
    expect(() => standIn.approveDevice(late.userCode, 'Marie-T')).toThrow('no device waits');
    const expired = await begin();
    standIn.expireDevice(expired.userCode);
    expect(await errorOf(poll(expired))).toBe('expired_token');
  });

  it('of something else is refused', async () => {
    const waiting = await begin();
    standIn.addOauthApp({ clientId: 'other' });
    expect(await errorOf(poll({ ...waiting, deviceCode: '0'.repeat(40) }))).toBe('incorrect_device_code');
    expect(await errorOf(poll(waiting, { client_id: 'other' }))).toBe('incorrect_device_code');
    expect(await errorOf(poll(waiting, { client_id: 'nobody' }))).toBe('incorrect_client_credentials');
    expect(await errorOf(poll(waiting, { grant_type: 'password' }))).toBe('unsupported_grant_type');
    standIn.addOauthApp({ clientId: APP, deviceFlow: false });
    expect(await errorOf(poll(waiting))).toBe('device_flow_disabled');
  });

  it('may be refused with a status of 400 as well as 200', async () => {
    const waiting = await begin();
    expect((await poll(waiting)).status).toBe(200);
    standIn.setDeviceErrorStatus(400);
    wait(5);
    expect(await poll(waiting)).toMatchObject({ status: 400, json: { error: 'authorization_pending' } });
  });

  it('is in the log without what it gave away', async () => {
    const waiting = await begin();
    standIn.approveDevice(waiting.userCode, 'Marie-T');
    const token = String(field((await poll(waiting)).json, 'access_token'));
    const seen = JSON.stringify(standIn.requests());
    expect(standIn.requests().map(({ path }) => path)).toEqual(['/login/device/code', '/login/oauth/access_token']);
    expect(seen).not.toContain(token);
    expect(seen).not.toContain(waiting.deviceCode);
  });
});
