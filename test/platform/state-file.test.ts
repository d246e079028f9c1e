import fs from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import { openStateFile, type StateFile } from '../../src/platform/state-file.ts';
import { int, list, object, oneOf } from '../../src/protocol/decode.ts';
import { tempDir } from '../support/tmp-dir.ts';

const decoder = object({ v: oneOf(1), seen: list(int(), 3) });
type Value = { v: 1; seen: number[] };
const open = (path: string): StateFile<Value> => openStateFile<Value>(path, decoder, { v: 1, seen: [] });

function refusal(act: () => unknown): TeammateSyncError {
  try {
    act();
  } catch (error) {
    if (error instanceof TeammateSyncError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('a state file', () => {
  it('begins empty, without being written, and is on disk when it was saved', () => {
    const path = `${tempDir()}/state.json`;
    const state = open(path);
    expect([state.value, fs.existsSync(path)]).toEqual([{ v: 1, seen: [] }, false]);
    state.value.seen.push(7);
    state.save();
    expect(open(path).value).toEqual({ v: 1, seen: [7] });
    state.value = { v: 1, seen: [8] };
    state.save();
    expect(open(path).value.seen).toEqual([8]);
    expect(fs.readdirSync(dirname(path))).toEqual(['state.json']);
  });

  it.skipIf(process.platform === 'win32')('is 0600, and refused when it is open to others or behind a symlink', () => {
    const path = `${tempDir()}/state.json`;
    open(path).save();
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    fs.chmodSync(path, 0o644);
    expect(refusal(() => open(path)).code).toBe('UNSAFE_FILE');
    const link = `${tempDir()}/link.json`;
    fs.chmodSync(path, 0o600);
    fs.symlinkSync(path, link);
    expect(refusal(() => open(link)).code).toBe('UNSAFE_FILE');
  });

  it.each([
    ['nothing', ''],
    ['half of it', '{"v":1,"se'],
    ['an unknown field', '{"v":1,"seen":[],"more":1}'],
    ['another version', '{"v":2,"seen":[]}'],
    ['a wrong type', '{"v":1,"seen":["1"]}'],
    ['too much', '{"v":1,"seen":[1,2,3,4]}'],
    ['__proto__', '{"v":1,"seen":[],"__proto__":{}}'],
    ['no text', '\u0000\u0001'],
    ['null', 'null'],
  ])('with %s in it is refused by its name, and left as it is', (_what, content) => {
    const path = `${tempDir()}/state.json`;
    fs.writeFileSync(path, content, { mode: 0o600 });
    const error = refusal(() => open(path));
    expect([error.code, error.message.includes(path)]).toEqual(['BAD_CONFIG', true]);
    expect(fs.readFileSync(path, 'utf8')).toBe(content);
  });
});
