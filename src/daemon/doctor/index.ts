/**
 * Looks at everything that a daemon needs, one thing after the other, and says what is wrong and what mends it. Changes
 * nothing, shares nothing, prints no secret, and comes to an end whatever does not answer.
 */
import { systemClock } from '../../platform/clock.ts';
import { claudeConfigDir } from '../../platform/paths.ts';
import type { DoctorRequest } from '../../protocol/doctor.ts';
import { type Environment, loadSettings, pathsOf, type Settings } from '../settings.ts';
import { checkClaude } from './claude-checks.ts';
import { checkGithub } from './github-checks.ts';
import {
  checkAnthropicKey,
  checkConfig,
  checkDisk,
  checkHome,
  checkKeys,
  checkLock,
  checkRecord,
  checkState,
} from './home-checks.ts';
import { checkIntegration } from './integration-checks.ts';
import { type Say, take } from './report.ts';

export async function examine(request: DoctorRequest, env: Environment, say: Say): Promise<void> {
  const clock = systemClock;
  const paths = pathsOf(env);
  const home = await take({ id: 'home', at: 'the home', look: () => checkHome(paths) }, say);
  await take({ id: 'disk', at: 'the disk', look: () => checkDisk(paths) }, say);
  await take({ id: 'claude', at: 'Claude Code', look: () => checkClaude(claudeConfigDir(env)) }, say);
  await checkIntegration(paths, env, say);
  if (!home) return;
  const config = await take({ id: 'config', at: 'config.json', look: () => checkConfig(paths) }, say);
  const keys = await take({ id: 'keys', at: 'the device keys', look: () => checkKeys(paths) }, say);
  const record =
    keys && (await take({ id: 'record', at: 'the device record', look: () => checkRecord(paths, clock) }, say));
  await take({ id: 'lock', at: 'who holds the home', look: () => checkLock(paths, request.daemon) }, say);
  await take({ id: 'anthropic', at: 'the Anthropic API key', look: () => checkAnthropicKey(paths, env) }, say);
  if (!config) return;
  if (keys && record) await take({ id: 'state', at: 'the state', look: () => checkState(paths, env) }, say);
  const settings = loadSettings(paths, null);
  await checkGithub(paths, settings, { env, clock, say });
  await network(settings, request, say);
}

/** A running daemon that is online has answered the question already, for longer than a new node could. */
async function network(settings: Settings, { daemon }: DoctorRequest, say: Say): Promise<void> {
  if (daemon?.online === true) return;
  say({ type: 'looking', at: 'the network' });
  const { lookAtNetwork } = await import('./network-checks.ts');
  say({ type: 'network', found: await lookAtNetwork(settings) });
}
