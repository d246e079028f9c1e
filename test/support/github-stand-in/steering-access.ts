/** Steering of limits and of who is let in: single sign-on, restricted apps, permissions, suspension, device sign-in. */
import type { PendingDevice } from './device-flow.ts';
import type { Org, Token, User, World } from './state.ts';

export function accessSteering(world: World, person: (login: string) => User, organisation: (login: string) => Org) {
  const known = (token: string): Token => {
    const found = world.tokens.get(token);
    if (!found) throw new Error('the stand-in has no such token');
    return found;
  };

  return {
    /** Requests an hour for an account; null: there is no limit, and nothing tells of one. */
    setRateLimit(limit: number | null): void {
      world.rateLimit = limit;
    },
    /** The status of refusals for a limit: GitHub uses 403 and 429. */
    setLimitStatus(status: 403 | 429): void {
      world.limitStatus = status;
    },
    /** Writes in a minute before the secondary limit. */
    setWritesPerMinute(count: number): void {
      world.writesPerMinute = count;
    },
    /** The organisation wants single sign-on of every token from now on; none is authorised yet. */
    requireSso(org: string): void {
      organisation(org).sso = true;
    },
    authorizeSso(token: string, org: string): void {
      known(token).ssoFor.add(organisation(org).id);
    },
    /** Only these OAuth apps see what members see; null: all. */
    restrictApps(org: string, allowed: string[] | null): void {
      organisation(org).apps = allowed === null ? null : new Set(allowed);
    },
    /** What a fine-grained token may do, as `gists=write`; null: everything. */
    setPermissions(token: string, permissions: string[] | null): void {
      known(token).permissions = permissions;
    },
    suspend(login: string, suspended = true): void {
      person(login).suspended = suspended;
    },
    /** Switches gists off, or on again. */
    setGists(on: boolean): void {
      world.gistsOff = !on;
    },
    setPrivateMode(on: boolean): void {
      world.privateMode = on;
    },
    addOauthApp(app: { clientId: string; deviceFlow?: boolean }): void {
      world.deviceFlows.addApp(app.clientId, app.deviceFlow ?? true);
    },
    /** The status of errors in device sign-in; 200 unless changed. */
    setDeviceErrorStatus(status: number): void {
      world.deviceErrorStatus = status;
    },
    /** Devices whose code nobody has typed yet, oldest first. */
    pendingDevices: (): PendingDevice[] => world.deviceFlows.pending(),
    /** Types the code as that person, and agrees. */
    approveDevice(userCode: string, login: string): void {
      world.deviceFlows.approve(userCode, person(login).id);
    },
    /** Types the code, and refuses. */
    denyDevice(userCode: string): void {
      world.deviceFlows.deny(userCode);
    },
    /** As if its 15 minutes were over. */
    expireDevice(userCode: string): void {
      world.deviceFlows.expire(userCode);
    },
  };
}
