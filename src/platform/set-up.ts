/** Whether this home was set up. */
import fs from 'node:fs';
import { isObject } from '../protocol/is-object.ts';
import { errnoOf } from './ownership.ts';
import { homeDir, homePaths, type PathEnv } from './paths.ts';

/** Null when `init` has been through, and `logout` not since. */
export function whyNotSetUp(env: PathEnv): string | null {
  try {
    const config: unknown = JSON.parse(fs.readFileSync(homePaths(homeDir(env), env).config, 'utf8'));
    return isObject(config) && config['signedOut'] === true ? 'you are signed out on this machine' : null;
  } catch (error) {
    // One that cannot be read is for the daemon to name.
    return errnoOf(error) === 'ENOENT' ? 'this machine is not set up yet' : null;
  }
}
