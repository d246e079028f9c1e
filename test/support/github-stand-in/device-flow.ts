/**
 * Signing in on a device without a browser: codes, who approved them, and what a poll is answered. No HTTP.
 * GitHub's documentation tells the errors; OpenAPI has nothing of it, for it is on the web host.
 */
const DEVICE_EXPIRES_SECONDS = 900;
const DEVICE_INTERVAL_SECONDS = 5;
const SLOW_DOWN_SECONDS = 5;
/** Without vowels and what looks alike. */
const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

export type DeviceError =
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'access_denied'
  | 'incorrect_device_code'
  | 'incorrect_client_credentials'
  | 'unsupported_grant_type'
  | 'device_flow_disabled';

interface Flow {
  deviceCode: string;
  userCode: string;
  clientId: string;
  scopes: string[];
  /** Milliseconds since 1970. */
  expiresAt: number;
  intervalSeconds: number;
  polledAt: number | null;
  state: 'pending' | 'denied' | 'used' | { approvedFor: number };
}

export interface DeviceCode {
  deviceCode: string;
  userCode: string;
  expiresIn: number;
  interval: number;
}

export interface PendingDevice {
  userCode: string;
  clientId: string;
  scopes: string[];
}

/** How a poll ends: an error (with the new interval, in seconds, after slow_down), or who approved which scopes. */
export type Polled = { error: DeviceError; interval?: number } | { uid: number; scopes: string[] };

export interface DeviceFlows {
  /** Registers an OAuth app. */
  addApp(clientId: string, deviceFlow: boolean): void;
  /** Null for an app that is not registered. */
  start(clientId: string, scope: string): DeviceCode | DeviceError | null;
  poll(clientId: string, deviceCode: string, grantType: string): Polled;
  /** Those that a person could still approve. */
  pending(): PendingDevice[];
  /** @throws for a code that nobody waits with */
  approve(userCode: string, uid: number): void;
  deny(userCode: string): void;
  expire(userCode: string): void;
}

export function createDeviceFlows(now: () => number, random: (bytes: number) => Buffer): DeviceFlows {
  const apps = new Map<string, { deviceFlow: boolean }>();
  const flows = new Map<string, Flow>();

  const letters = (): string =>
    [...random(4)].map((byte) => USER_CODE_LETTERS[byte % USER_CODE_LETTERS.length]).join('');

  const isPending = (flow: Flow): boolean => flow.state === 'pending' && flow.expiresAt > now();

  function waiting(userCode: string): Flow {
    const flow = [...flows.values()].find((one) => one.userCode === userCode.toUpperCase() && isPending(one));
    if (!flow) throw new Error(`no device waits with the code ${userCode}`);
    return flow;
  }

  /** A poll before the interval is over makes the interval longer. */
  function tooSoon(flow: Flow): boolean {
    const before = flow.polledAt;
    flow.polledAt = now();
    if (before === null || flow.polledAt - before >= flow.intervalSeconds * 1000) return false;
    flow.intervalSeconds += SLOW_DOWN_SECONDS;
    return true;
  }

  return {
    addApp: (clientId, deviceFlow) => void apps.set(clientId, { deviceFlow }),
    start(clientId, scope) {
      const app = apps.get(clientId);
      if (!app) return null;
      if (!app.deviceFlow) return 'device_flow_disabled';
      const flow: Flow = {
        deviceCode: random(20).toString('hex'),
        userCode: `${letters()}-${letters()}`,
        clientId,
        scopes: scope.split(/[\s,]+/).filter((word) => word !== ''),
        expiresAt: now() + DEVICE_EXPIRES_SECONDS * 1000,
        intervalSeconds: DEVICE_INTERVAL_SECONDS,
        polledAt: null,
        state: 'pending',
      };
      flows.set(flow.deviceCode, flow);
      const { deviceCode, userCode } = flow;
      return { deviceCode, userCode, expiresIn: DEVICE_EXPIRES_SECONDS, interval: DEVICE_INTERVAL_SECONDS };
    },
    poll(clientId, deviceCode, grantType) {
      const app = apps.get(clientId);
      if (!app) return { error: 'incorrect_client_credentials' };
      if (!app.deviceFlow) return { error: 'device_flow_disabled' };
      if (grantType !== DEVICE_GRANT) return { error: 'unsupported_grant_type' };
      const flow = flows.get(deviceCode);
      if (!flow || flow.clientId !== clientId || flow.state === 'used') return { error: 'incorrect_device_code' };
      if (flow.state === 'denied') return { error: 'access_denied' };
      if (flow.expiresAt <= now()) return { error: 'expired_token' };
      if (tooSoon(flow)) return { error: 'slow_down', interval: flow.intervalSeconds };
      if (flow.state === 'pending') return { error: 'authorization_pending' };
      const { approvedFor } = flow.state;
      flow.state = 'used';
      return { uid: approvedFor, scopes: flow.scopes };
    },
    pending: () =>
      [...flows.values()].filter(isPending).map(({ userCode, clientId, scopes }) => ({ userCode, clientId, scopes })),
    approve(userCode, uid) {
      waiting(userCode).state = { approvedFor: uid };
    },
    deny(userCode) {
      waiting(userCode).state = 'denied';
    },
    expire(userCode) {
      waiting(userCode).expiresAt = now();
    },
  };
}
