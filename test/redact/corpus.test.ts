import { describe, expect, it } from 'vitest';
import type { Turn } from '../../src/protocol/turn.ts';
import { createRedactor } from '../../src/redact/index.ts';
import { encodings, formsOf } from './encodings.ts';
import { seeded } from './random.ts';
import { type Sample, structures, tokens } from './samples.ts';

const redactor = createRedactor({ key: Buffer.alloc(32, 7) });
const SAMPLES = 4;

function turnOf(text: string): Turn {
  return {
    source: 'main',
    line: 1,
    uuid: 'u',
    time: '',
    role: 'user',
    kind: 'tool_result',
    content: [
      { type: 'text', text },
      { type: 'tool_result', id: 't', text, error: false },
      { type: 'tool_use', id: 't', name: 'Bash', input: { command: text, deep: [{ [text]: 1 }] } },
    ],
  };
}

/** ANSI codes could hide what is left, on both sides. */
function left(sample: Sample, wrapped: string): string[] {
  const { turn, masked } = redactor.redact(turnOf(wrapped));
  const json = JSON.stringify(turn).replaceAll(/\\u001b\[[0-9;]*[A-Za-z]/g, '');
  const again = redactor.redact(turn);
  expect(again.turn).toEqual(turn);
  expect(masked.length).toBeGreaterThan(0);
  return sample.secrets.filter((secret) => formsOf(secret).some((form) => json.includes(form)));
}

describe.each(Object.entries({ ...tokens, ...structures }))('%s', (_format, make) => {
  it.each(Object.entries(encodings))('%s', (name, encoding) => {
    const random = seeded(name.length * 1000 + 1);
    for (let i = 0; i < SAMPLES; i++) {
      const sample = make(random);
      if (sample.structured && encoding.inline) return;
      const wrapped = encoding.wrap(sample.text);
      expect(left(sample, wrapped), wrapped).toEqual([]);
    }
  });
});
