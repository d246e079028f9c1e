import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/index.ts';
import { rules } from '../../src/redact/rules.ts';

const redactor = createRedactor({ key: Buffer.alloc(32, 7) });
const KIB = 1024;
const fill = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

function milliseconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const used = process.cpuUsage(start);
  return (used.user + used.system) / 1000;
}

const BEGIN = ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' ');
const END = ['-----END', 'PRIVATE', 'KEY-----'].join(' ');
const BODY = `${'A'.repeat(64)}\n`;

/** Units that make a text when they are repeated. */
const units: readonly string[] = String.raw`
a|A|"|\|\n|\u001b|%41|{"a":"|[|://a:|://a:b|eyJ|eyJaaaaaaaa.|eyJaaaaaaaa.eyJaaaaaaaaa.|[redacted:|[redacted:password:abcd]
password=[redacted:password:abcd]|jwt=|jwt="|LS0tLS1CRUdJTi|curl -u |mysql |mysql  -|docker login -|machine a login b |cookie: a=
cookie:|authorization: |authorization:|authorization: Bearer |password:        |password: a b c d e f g h i j k l m n o p q = `
  .split(/[|\n]/)
  .filter((unit) => unit !== '');
const manyLines = [
  '\n',
  ' ',
  '\u001b[',
  'machine a \n login b \n account c ',
  'curl \\\n',
  'password: |\n ',
  'token\n          ',
];
const keys = ['LS0tLS1CRUdJTi\n', `${BEGIN}\n`, BEGIN, END, `${BEGIN}\n${BODY.repeat(20)}`, `${BODY}${END}`];

type Maker = (length: number) => string;

/** Texts of any length that make the most of what a rule reads. */
const hostile: Readonly<Record<string, Maker>> = {
  ...Object.fromEntries(
    [...units, ...manyLines, ...keys].map((unit): [string, Maker] => [
      JSON.stringify(unit).slice(0, 60),
      (n) => fill(unit, n),
    ]),
  ),
  'a key without an end': (n) => `${BEGIN}\n${fill(BODY, n)}`,
  'ends behind a long body': (n) => fill(BODY, n / 2) + fill(END, n / 2),
  'a long value': (n) => `password=${fill('a1', n)}`,
  'a long quoted value': (n) => `password="${fill('a1', n)}`,
  'a long URL password': (n) => `://a:${fill('b', n)}`,
  'a long token': (n) => `eyJ${fill('a', n)}`,
  'a long command': (n) => `curl ${fill(' -u a:', n)}`,
};

describe('hostile text', () => {
  // Four times the text may take about four times the time; sixteen times would be quadratic. Texts that are done in
  // no more than some passes of ordinary text are fast enough whatever their curve, and none may take hundreds.
  const ordinary = fill('The quick brown fox jumps over the lazy dog; const x = y.map((z) => z + 1);\n', 512 * KIB);
  redactor.redactText(ordinary);
  const control = Math.max(10, ...[1, 2, 3].map(() => milliseconds(() => redactor.redactText(ordinary))));

  it.each(Object.entries(hostile))('is linear: %s', (_name, make) => {
    const measure = (length: number): number => {
      const text = make(length);
      return milliseconds(() => redactor.redactText(text));
    };
    const whole = measure(512 * KIB);
    expect(whole).toBeLessThan(control * 500);
    if (whole > control * 20) expect(whole / Math.max(control, measure(128 * KIB))).toBeLessThan(10);
  });

  it('is linear for each keyword again and again', () => {
    const repeated = [...new Set(rules.flatMap((rule) => rule.keywords.map((keyword) => keyword.text)))].flatMap(
      (k) => [k, `${k}=`, `${k}a `],
    );
    const total = (length: number): number =>
      milliseconds(() => {
        for (const unit of repeated) redactor.redactText(fill(unit, length));
      });
    total(KIB);
    expect(total(32 * KIB) / total(8 * KIB)).toBeLessThan(8);
  });
});
