/** The official schema is the one that it says to be, and finds what is wrong. */
import fs from 'node:fs';
import { expect, it } from 'vitest';
import { complaints } from '../support/wire-judge.ts';
import { named } from './judge.ts';

const line = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });
const result = (content: unknown): string => line({ id: 1, result: { content } });

it('is that of MCP 2025-11-25, and is asked', () => {
  const { $defs } = JSON.parse(fs.readFileSync(named('MCP_WIRE_SCHEMA'), 'utf8')) as { $defs: object };
  expect(Object.keys($defs).length).toBeGreaterThan(100);
  expect(complaints(result([{ type: 'text', text: 'x' }]), 'tools/call')).toEqual([]);
  const wrong = [
    [result([{ type: 'text', text: 7 }]), 'tools/call'],
    [result('text'), 'tools/call'],
    [line({ id: null, error: { code: -32700, message: 'x' } }), null],
    [line({ id: 1, result: { tools: [{ name: 'x', inputSchema: { type: 'string' } }] } }), 'tools/list'],
    [line({ id: 1, result: { completion: { values: [1] } } }), 'completion/complete'],
    [line({ method: 'notifications/progress', params: { progressToken: 'x' } }), null],
  ] as const;
  for (const [text, method] of wrong)
    expect(complaints(text, method).join('\n'), text).toContain('by the official schema');
});
