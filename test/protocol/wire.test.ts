import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeControl, encodeGrants, parseControl, parseGrants } from '../../src/protocol/control.ts';
import { DecodeError } from '../../src/protocol/decode.ts';
import { isObject } from '../../src/protocol/is-object.ts';
import {
  CONTROL_FRAME_MAX_BYTES,
  INVITE_NOTE_MAX_BYTES,
  RECORD_MAX_BYTES,
  STATE_GRANTS_PER_FRAME,
} from '../../src/protocol/limits.ts';
import { encodeRecord, parseRecord, recordText } from '../../src/protocol/record.ts';
import { encodeStatement, frameStatement, parseStatement, type Statement } from '../../src/protocol/statements.ts';
import { b64of, CONTROLS, READERS, RECORD, STATEMENTS } from './samples.ts';

const SIGNATURE = Buffer.alloc(64, 3);
const framed = (value: unknown): Buffer => frameStatement(Buffer.from(JSON.stringify(value)), SIGNATURE);
const written = (record: unknown): string => recordText(Buffer.from(JSON.stringify(record)), SIGNATURE);

/** Every copy of `value` with one field gone, one added, or one of another type, at any depth. */
function mutants(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => mutants(item).map((m) => value.with(i, m)));
  if (!isObject(value)) return [];
  const out: unknown[] = [{ ...value, extra: 1 }];
  for (const [key, field] of Object.entries(value)) {
    const { [key]: _gone, ...rest } = value;
    out.push(
      rest,
      { ...value, [key]: undefined },
      { ...value, [key]: typeof field === 'string' ? 17 : 'x'.repeat(70_000) },
    );
    out.push({ ...value, [key]: { deep: field } });
    out.push(...mutants(field).map((m) => ({ ...value, [key]: m })));
  }
  return out;
}

describe('statements', () => {
  it.each(STATEMENTS)('$t goes round', (statement) => {
    const payload = encodeStatement(statement);
    const parsed = parseStatement(frameStatement(payload, SIGNATURE));
    expect(parsed.statement).toEqual(statement);
    expect(parsed.payload).toEqual(payload);
    expect(parsed.signature).toEqual(SIGNATURE);
  });

  it.each(STATEMENTS)('$t is refused with a field missing, added, or of another type', (statement) => {
    for (const mutant of mutants(statement)) expect(() => parseStatement(framed(mutant))).toThrow(DecodeError);
    for (const key of ['__proto__', 'constructor']) {
      const text = JSON.stringify(statement).replace('{', `{"${key}":{"admin":true},`);
      expect(() => parseStatement(frameStatement(Buffer.from(text), SIGNATURE))).toThrow(DecodeError);
    }
  });

  it('is refused with cut, added or misplaced bytes', () => {
    const bytes = frameStatement(encodeStatement(STATEMENTS[0] as Statement), SIGNATURE);
    for (let n = 0; n < bytes.length; n++) expect(() => parseStatement(bytes.subarray(0, n))).toThrow(DecodeError);
    expect(() => parseStatement(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(DecodeError);
    for (const length of [0xffffffff, 0x80000000, 0]) {
      const wrong = Buffer.from(bytes);
      wrong.writeUInt32BE(length);
      expect(() => parseStatement(wrong)).toThrow(DecodeError);
    }
  });

  it('holds the limits of its fields', () => {
    const [invite] = STATEMENTS;
    const note = (text: string): Buffer => framed({ ...invite, note: text });
    expect(parseStatement(note('n'.repeat(INVITE_NOTE_MAX_BYTES))).statement.t).toBe('invite');
    expect(() => parseStatement(note('n'.repeat(INVITE_NOTE_MAX_BYTES + 1)))).toThrow(DecodeError);
    expect(() => parseStatement(note('ä'.repeat(INVITE_NOTE_MAX_BYTES / 2 + 1)))).toThrow(DecodeError);
    const lease = STATEMENTS.find((s) => s.t === 'lease');
    const gids = (n: number): Buffer => framed({ ...lease, gids: Array.from({ length: n }, () => b64of(16)) });
    expect(parseStatement(gids(STATE_GRANTS_PER_FRAME)).statement.t).toBe('lease');
    expect(() => parseStatement(gids(STATE_GRANTS_PER_FRAME + 1))).toThrow(DecodeError);
    for (const seq of [0, -1, 1.5, 2 ** 53, '1'])
      expect(() => parseStatement(framed({ ...invite, seq }))).toThrow(DecodeError);
  });
});

describe('records', () => {
  it('go round, also between white space', () => {
    const payload = encodeRecord(RECORD);
    const text = recordText(payload, SIGNATURE);
    for (const source of [text, `  ${text}\r\n`]) {
      const parsed = parseRecord(source);
      expect(parsed).toEqual({ record: RECORD, payload, signature: SIGNATURE, text });
    }
  });

  it('are refused with a field missing, added, or of another type', () => {
    for (const mutant of mutants(RECORD)) {
      expect(() => parseRecord(written(mutant)), JSON.stringify(mutant).slice(0, 200)).toThrow(DecodeError);
    }
  });

  it.each([
    ['another version', (t: string) => t.replace('tms1', 'tms2')],
    ['padding', (t: string) => `${t}=`],
    ['a part more', (t: string) => `${t}.AA`],
    ['a part less', (t: string) => t.slice(0, t.lastIndexOf('.'))],
    ['a short signature', (t: string) => t.slice(0, -4)],
    ['a non-canonical last character', (t: string) => t.replace(/.$/, 'x')],
    ['inner white space', (t: string) => t.replace('.', '. ')],
    ['two lines', (t: string) => `${t}\n${t}`],
    ['nothing', () => ''],
  ])('are refused with %s', (_name, change) => {
    expect(() => parseRecord(change(recordText(encodeRecord(RECORD), SIGNATURE)))).toThrow(DecodeError);
  });

  it('hold their size, handles their form', () => {
    const big = { ...RECORD, name: 'n'.repeat(64), revokes: Array.from({ length: 16 }, () => b64of(32)) };
    expect(parseRecord(written(big)).record.revokes).toHaveLength(16);
    expect(() => parseRecord(written({ ...big, revokes: [...big.revokes, b64of(32)] }))).toThrow(DecodeError);
    const padded = Buffer.from(JSON.stringify(RECORD) + ' '.repeat(RECORD_MAX_BYTES));
    expect(() => parseRecord(recordText(padded, SIGNATURE))).toThrow(DecodeError);
    for (const login of ['Marie', '-x', '', 'a/b', 'a'.repeat(64), '../x', 'ä'])
      expect(() => parseRecord(written({ ...RECORD, login }))).toThrow(DecodeError);
  });
});

describe('control frames', () => {
  it.each(Object.keys(CONTROLS) as (keyof typeof CONTROLS)[])('%s goes round, and is strict', (name) => {
    const body = CONTROLS[name];
    expect(parseControl(name, encodeControl(name, body))).toEqual(body);
    for (const mutant of mutants(body))
      expect(
        () => parseControl(name, Buffer.from(JSON.stringify(mutant))),
        JSON.stringify(mutant).slice(0, 99),
      ).toThrow(DecodeError);
    const large = Buffer.from(JSON.stringify(body) + ' '.repeat(CONTROL_FRAME_MAX_BYTES));
    expect(() => parseControl(name, large)).toThrow(DecodeError);
  });

  it('grants go round, and cut ones are refused', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 20 }), fc.nat(), (boxes, cut) => {
        const bytes = encodeGrants(boxes);
        expect(parseGrants(bytes).map((b) => [...b])).toEqual(boxes.map((b) => [...b]));
        const at = cut % Math.max(1, bytes.length);
        const starts = new Set([0, ...boxes.map((_, i) => encodeGrants(boxes.slice(0, i + 1)).length)]);
        if (!starts.has(at)) expect(() => parseGrants(bytes.subarray(0, at))).toThrow(DecodeError);
      }),
      { numRuns: 60 },
    );
  });
});

describe('whatever arrives', () => {
  const names = fc.constantFrom(...Object.keys(READERS));
  const orDecodeError = (name: string, bytes: Buffer): void => {
    try {
      READERS[name]?.(bytes);
    } catch (error) {
      expect(error, name).toBeInstanceOf(DecodeError);
    }
  };

  it('random bytes end in DecodeError at the worst', () => {
    fc.assert(
      fc.property(names, fc.uint8Array({ maxLength: 300 }), (name, bytes) => orDecodeError(name, Buffer.from(bytes))),
      { numRuns: 3000 },
    );
  });

  it('random JSON, framed as it should be, ends in DecodeError at the worst', () => {
    fc.assert(
      fc.property(names, fc.json({ maxDepth: 5 }), (name, json) => {
        orDecodeError(name, Buffer.from(json));
        orDecodeError('statement', frameStatement(Buffer.from(json), SIGNATURE));
        orDecodeError('header', frameStatement(Buffer.from(json), SIGNATURE));
        orDecodeError('record', Buffer.from(recordText(Buffer.from(json), SIGNATURE)));
      }),
      { numRuns: 1000 },
    );
  });

  it('good bytes with a few changed end in DecodeError at the worst', () => {
    const good = STATEMENTS.map((s) => frameStatement(encodeStatement(s), SIGNATURE));
    fc.assert(
      fc.property(
        fc.constantFrom(...good),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        (bytes, flips) => {
          const copy = Buffer.from(bytes);
          for (const [at, value] of flips) copy[at % copy.length] = value;
          orDecodeError('statement', copy);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
