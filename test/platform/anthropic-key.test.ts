import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { forgetToken, keepToken } from '../../src/github/index.ts';
import { findAnthropicKey, keepAnthropicKey } from '../../src/platform/anthropic-key.ts';
import { readAuth, removeAuth } from '../../src/platform/auth-file.ts';
import { tempDir } from '../support/tmp-dir.ts';

const CANARY = `sk-ant-${'canary'.repeat(5)}`;
const BASE = 'http://127.0.0.1:9';
const inHome = (): string => path.join(tempDir(), 'home', 'auth.json');

describe('an Anthropic key', () => {
  it('is kept beside a token, each forgotten without the other, and the file gone with the last', () => {
    const auth = inHome();
    keepAnthropicKey(auth, { key: CANARY, base: `${BASE}/` });
    expect(fs.statSync(auth).mode & 0o777).toBe(0o600);
    keepToken(auth, 'github.com', 'gho_kept');
    expect(readAuth(auth)).toEqual({
      host: 'github.com',
      token: 'gho_kept',
      anthropic: { base: BASE, key: CANARY },
    });
    expect(forgetToken(auth)).toBe(true);
    expect(findAnthropicKey({}, auth)).toEqual({ key: CANARY, base: BASE, from: 'auth.json' });
    keepToken(auth, 'github.com', 'gho_kept');
    keepAnthropicKey(auth, null);
    expect(readAuth(auth)).toEqual({ host: 'github.com', token: 'gho_kept' });
    forgetToken(auth);
    expect(fs.readdirSync(path.dirname(auth))).toEqual([]);
    expect(removeAuth(auth)).toBe(false);
  });

  it('that is kept goes only where it was kept for, whatever the environment names', () => {
    const auth = inHome();
    const foreign = { ANTHROPIC_BASE_URL: 'https://elsewhere.example', ANTHROPIC_API_KEY: 'sk-ant-foreign' };
    keepAnthropicKey(auth, { key: CANARY, base: BASE });
    expect(findAnthropicKey(foreign, auth)).toEqual({ key: CANARY, base: BASE, from: 'auth.json' });
    keepAnthropicKey(auth, null);
    expect(findAnthropicKey(foreign, auth)).toEqual({
      ...{ key: 'sk-ant-foreign', base: 'https://elsewhere.example', from: 'ANTHROPIC_API_KEY' },
    });
    expect(findAnthropicKey({ ANTHROPIC_BASE_URL: BASE, ANTHROPIC_API_KEY: ' ' }, auth)).toBeNull();
    expect(findAnthropicKey({ ANTHROPIC_API_KEY: CANARY }, auth)?.base).toBe('https://api.anthropic.com');
  });

  it.each([
    ['http://elsewhere.example', 'is not https'],
    ['http://127.0.0.1.elsewhere.example', 'is not https'],
    [`https://me:${CANARY}@elsewhere.example`, 'user name or password'],
    [`https://${CANARY}@elsewhere.example`, 'user name or password'],
    [`https://elsewhere.example/?key=${CANARY}`, 'query or fragment'],
    [`nothing ${CANARY}`, 'is not a URL'],
    ['file:///etc/passwd', 'is not https'],
  ])('goes not to %s', (base, why) => {
    const auth = inHome();
    const refused = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_CONFIG' });
        return String(error);
      }
      throw new Error('taken');
    };
    const env = { ANTHROPIC_API_KEY: CANARY, ANTHROPIC_BASE_URL: base };
    for (const said of [
      refused(() => findAnthropicKey(env, auth)),
      refused(() => keepAnthropicKey(auth, { key: CANARY, base })),
    ]) {
      expect(said).toContain(why);
      expect(said).not.toContain(CANARY);
    }
    expect(fs.existsSync(auth)).toBe(false);
  });

  it('that cannot stand in a header, or a damaged file, is named without a word of it', () => {
    const auth = inHome();
    expect(() => findAnthropicKey({ ANTHROPIC_API_KEY: `${CANARY} ü` }, auth)).toThrow(
      /^ANTHROPIC_API_KEY is set, but what it holds cannot be a key$/,
    );
    fs.mkdirSync(path.dirname(auth), { mode: 0o700 });
    for (const damaged of [
      `{"v":1,"token":"${CANARY}"}`,
      `{"v":1,"anthropic":{"key":"${CANARY}"}}`,
      `{"v":1,"anthropic":"${CANARY}`,
    ]) {
      fs.writeFileSync(auth, damaged, { mode: 0o600 });
      expect(() => findAnthropicKey({}, auth)).toThrow(`${auth} is damaged`);
    }
  });
});
