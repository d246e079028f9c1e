/** What a model reads by MCP while the owner is away, and what of it is left when the lease has run out: nothing. */
import { expect, it } from 'vitest';
import { LEASE_MS } from '../../src/protocol/limits.ts';
import type { ToolText } from '../../src/mcp/call-tool.ts';
import { calledOver } from '../mcp/support/in-process.ts';
import { parse } from '../mcp/support/parse.ts';
import { until } from '../support/until.ts';
import { pass, sharedWith, useWorld, type World } from '../support/world/index.ts';

let world: World;
useWorld((started) => (world = started));

const cursorIn = (text: string): string => /cursor "([\w~-]+)"/.exec(text)?.[1] ?? '';

it('is said to be old while the owner is away, and gone with the lease', async () => {
  const { marie, sam, claude } = await sharedWith(world);
  const told = Array.from(
    { length: 60 },
    (_one, i) => `postgres step ${i}: ${`the ledger holds its rows ${i} `.repeat(20)}`,
  );
  claude.say(...told);
  const tool = (name: string, given: Record<string, unknown>): Promise<ToolText> => calledOver(sam.client, name, given);
  const query = { question: 'postgres ledger rows', budget: 1000 };
  const literal = { pattern: 'postgres step', budget: 1000 };
  const dump = { teammate: marie.login, budget: 1000 };
  await until(
    async () => (await tool('search_teammate_context', { pattern: 'postgres step 59' })).text.includes('| '),
    {
      what: 'the newest turn',
    },
  );

  await marie.stop();
  const found = await tool('query_teammate_context', query);
  expect(found.text).toContain(`@${marie.login} is OFFLINE`);
  const searched = await tool('search_teammate_context', literal);
  const dumped = await tool('dump_teammate_context', dump);
  const cursors = [found, searched, dumped].map(({ text }) => cursorIn(text));
  expect(cursors).not.toContain('');
  const id = /^\[([0-9a-f]{16})\]/m.exec(found.text)?.[1] ?? '';
  expect((await tool('get_citation', { citation: id })).text).toContain('| postgres step');

  pass(LEASE_MS + 60_000, marie, sam);
  const over = await Promise.all([
    tool('query_teammate_context', query),
    tool('query_teammate_context', { ...query, cursor: cursors[0] }),
    tool('search_teammate_context', { ...literal, cursor: cursors[1] }),
    tool('dump_teammate_context', { ...dump, cursor: cursors[2] }),
    tool('dump_teammate_context', { ...dump, session: claude.session }),
    tool('get_citation', { citation: id }),
    tool('list_shared_sessions', {}),
  ]);
  for (const { text } of over) {
    expect(parse(text).blocks, text).toEqual([]);
    expect(text).not.toMatch(/step \d|ledger holds/);
  }
  expect(over[5]?.text).toContain('no longer shared');
});
