/**
 * The conformance suite of MCP: those of its scenarios that apply. It speaks HTTP only, so the same methods are hosted that
 * way for it (http-host.ts).
 *
 * What does not apply, and why: scenarios that call fixtures by name (`test_…` tools, prompts and resources of its example
 * server) and could only be passed by shipping these; sampling, elicitation, logging, subscriptions and tasks, which this
 * server does not offer; those of the HTTP transport (SSE, sessions, headers, DNS rebinding), which the product does not
 * have; and those of revision 2026-07-28, which the SDK does not speak.
 */
import { expect, it } from 'vitest';
import { status as cannedStatus } from '../../cli/support/canned.ts';
import { fakeDaemon } from '../../cli/support/fake-daemon.ts';
import { surroundingsOf } from '../../../src/mcp/surroundings.ts';
import { tempDir } from '../../support/tmp-dir.ts';
import { httpHost } from './http-host.ts';
import { judge, named } from './judge.ts';

const SCENARIOS = ['server-initialize', 'ping', 'tools-list', 'resources-list', 'prompts-list'];

it.each(SCENARIOS)('%s passes', async (scenario) => {
  const { home } = await fakeDaemon({ status: cannedStatus });
  const host = await httpHost(surroundingsOf({ TEAMMATE_SYNC_HOME: home }, (bytes) => new Uint8Array(bytes)));
  try {
    const args = ['server', '--url', host.url, '--scenario', scenario, '--spec-version', '2025-11-25', '--verbose'];
    const { code, stdout, stderr } = await judge([named('MCP_CONFORMANCE'), ...args], tempDir());
    expect(code, stdout + stderr).toBe(0);
    expect(stdout + stderr, 'checks that failed').not.toMatch(/"status":\s*"FAILURE"/);
    expect(stdout, 'the wire was judged').toContain('"wire-schema-valid"');
  } finally {
    await host.close();
  }
});
