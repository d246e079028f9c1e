/** The two addresses of device sign-in on the web host. They speak forms as well as JSON, in both directions. */
import type { IncomingHttpHeaders } from 'node:http';
import type { DeviceError } from './device-flow.ts';
import { isRecord } from './reply.ts';
import type { World } from './state.ts';

export interface WebAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const WORDS: Readonly<Record<DeviceError, string>> = {
  authorization_pending: 'The authorization request is still pending.',
  slow_down: 'Too many requests have been made in the same timeframe.',
  expired_token: 'The `device_code` has expired.',
  access_denied: 'The authorization request was denied.',
  incorrect_device_code: 'The device_code provided is not valid.',
  incorrect_client_credentials: 'The client_id and/or client_secret passed are incorrect.',
  unsupported_grant_type: 'The grant type is not supported.',
  device_flow_disabled: 'Device Flow must be explicitly enabled for this App',
};

function fieldsOf(headers: IncomingHttpHeaders, text: string): URLSearchParams {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) return new URLSearchParams(text);
  const fields = new URLSearchParams();
  try {
    const parsed: unknown = JSON.parse(text);
    for (const [name, value] of Object.entries(isRecord(parsed) ? parsed : {})) fields.set(name, String(value));
  } catch {
    // As a form without fields.
  }
  return fields;
}

/** A form unless JSON is asked for. */
function written(headers: IncomingHttpHeaders, status: number, fields: Record<string, string | number>): WebAnswer {
  if ((headers.accept ?? '').includes('json')) {
    return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(fields) };
  }
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  return { status, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form.toString() };
}

/** GitHub tells a refusal in the field `error`; the status says nothing. */
function refused(world: World, headers: IncomingHttpHeaders, error: DeviceError, interval?: number): WebAnswer {
  return written(headers, world.deviceErrorStatus, {
    error,
    error_description: WORDS[error],
    error_uri: 'https://docs.github.com/developers/apps/authorizing-oauth-apps#error-codes-for-the-device-flow',
    ...(interval === undefined ? {} : { interval }),
  });
}

/**
 * Answers what is below `/login`; null for other paths.
 * @param origin where people type the code
 */
export function serveWeb(
  world: World,
  request: { method: string; path: string; headers: IncomingHttpHeaders; text: string; origin: string },
  random: (bytes: number) => Buffer,
): WebAnswer | null {
  const { method, path, headers, text, origin } = request;
  if (!path.startsWith('/login/')) return null;
  const fields = fieldsOf(headers, text);
  const clientId = fields.get('client_id') ?? '';
  if (method === 'POST' && path === '/login/device/code') {
    const started = world.deviceFlows.start(clientId, fields.get('scope') ?? '');
    if (started === null) return written(headers, 404, { error: 'Not Found' });
    if (typeof started === 'string') return refused(world, headers, started);
    return written(headers, 200, {
      device_code: started.deviceCode,
      user_code: started.userCode,
      verification_uri: `${origin}/login/device`,
      expires_in: started.expiresIn,
      interval: started.interval,
    });
  }
  if (method === 'POST' && path === '/login/oauth/access_token') {
    const polled = world.deviceFlows.poll(clientId, fields.get('device_code') ?? '', fields.get('grant_type') ?? '');
    if ('error' in polled) return refused(world, headers, polled.error, polled.interval);
    const token = `gho_${random(18).toString('hex')}`;
    const { uid, scopes } = polled;
    world.tokens.set(token, { uid, scopes, permissions: null, app: clientId, ssoFor: new Set() });
    return written(headers, 200, { access_token: token, token_type: 'bearer', scope: scopes.join(',') });
  }
  const page = '<!DOCTYPE html><html><body><h1>Not Found</h1></body></html>';
  return { status: 404, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
}
