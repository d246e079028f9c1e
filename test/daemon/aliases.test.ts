/** Short names for people: whom one means, and when it means nobody. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Aliases, aliasesFile, type AliasesFile, NO_ALIASES } from '../../src/daemon/aliases.ts';
import type { StateFile } from '../../src/platform/state-file.ts';
import { ALIASES_MAX } from '../../src/protocol/limits.ts';

const MARIE = { uid: 1, login: 'marie' };
const SAM = { uid: 2, login: 'sam' };

let file: { value: AliasesFile; saves: number };
/** Who has which handle now. */
let members: { uid: number; login: string }[];
let aliases: Aliases;

beforeEach(() => {
  file = { value: structuredClone(NO_ALIASES), saves: 0 };
  members = [MARIE, SAM];
  const stateFile = Object.assign(file, { save: () => void file.saves++ }) as unknown as StateFile<AliasesFile>;
  aliases = new Aliases(
    stateFile,
    (handle) => members.find(({ login }) => login === handle.replace(/^@/, '').toLowerCase()) ?? null,
    (uid) => members.find((one) => one.uid === uid)?.login ?? null,
  );
});

const failure = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('what is typed', () => {
  it.each(['m', 'M', '@m'])('%s means whom the alias was made for', (typed) => {
    aliases.set('M', MARIE);
    expect(aliases.meant(typed)).toBe('marie');
  });

  it('means itself when it is no alias', () => {
    expect([aliases.meant('Sam'), aliases.meant('no handle at all')]).toEqual(['Sam', 'no handle at all']);
  });

  it('follows the account to its new handle, also when that is the alias itself', () => {
    aliases.set('m', MARIE);
    members = [{ ...MARIE, login: 'marie-k' }, SAM];
    expect(aliases.meant('m')).toBe('marie-k');
    members = [{ ...MARIE, login: 'm' }, SAM];
    expect(aliases.meant('m')).toBe('m');
  });

  it('means nobody when another account has that name now', () => {
    aliases.set('m', MARIE);
    members.push({ uid: 3, login: 'm' });
    expect(failure(() => aliases.meant('m'))).toBe('ALIAS_TAKEN');
    aliases.remove('m');
    expect(aliases.meant('m')).toBe('m');
  });
});

describe('an alias', () => {
  it('is the only one of its person and of its name', () => {
    aliases.set('m', MARIE);
    aliases.set('boss', MARIE);
    expect(aliases.list).toEqual([{ name: 'boss', handle: 'marie' }]);
    aliases.set('boss', SAM);
    expect([aliases.list, aliases.of(1), aliases.of(2)]).toEqual([[{ name: 'boss', handle: 'sam' }], null, 'boss']);
    expect(aliases.people).toEqual([SAM]);
  });

  it.each(['', 'a b', '-a', 'a/b', 'x'.repeat(64)])('cannot be called %j', (name) => {
    expect(failure(() => aliases.set(name, MARIE))).toBe('BAD_REQUEST');
    expect(file.saves).toBe(0);
  });

  it.each(['a_b', 'x'.repeat(63), '0-'])('that is called %j is read again', (name) => {
    aliases.set(name, MARIE);
    expect(aliasesFile(structuredClone(file.value), 'aliases.json')).toEqual(file.value);
  });

  it('cannot be called as somebody is', () => {
    expect(failure(() => aliases.set('SAM', MARIE))).toBe('ALIAS_TAKEN');
  });

  it('is refused when there are as many as may be, and none of them goes for it', () => {
    for (let n = 1; n <= ALIASES_MAX; n++) aliases.set(`a${n}`, { uid: 100 + n, login: `person-${n}` });
    expect(failure(() => aliases.set('more', MARIE))).toBe('BAD_REQUEST');
    expect(aliases.list).toHaveLength(ALIASES_MAX);
    // In place of another.
    aliases.set('b1', { uid: 101, login: 'person-1' });
    expect(aliases.of(101)).toBe('b1');
  });
});
