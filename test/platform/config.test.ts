import fs from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TeammateSyncError } from '../../src/errors.ts';
import {
  type Config,
  isLoopbackBootstrap,
  parseBootstrap,
  readConfig,
  writeConfig,
} from '../../src/platform/config.ts';
import { tempDir } from '../support/tmp-dir.ts';

const good: Config = {
  v: 1,
  apiBase: 'https://api.github.com',
  host: 'github.com',
  org: 'Acme-Tools',
  orgId: 4711,
  bootstrap: null,
};

function read(text: string): Config | null {
  const file = path.join(tempDir(), 'config.json');
  fs.writeFileSync(file, text, { mode: 0o600 });
  return readConfig(file);
}

describe('config.json', () => {
  it('comes back as it was written, readable for people, private', () => {
    const file = path.join(tempDir(), 'config.json');
    expect(readConfig(file)).toBeNull();
    const other: Config = {
      ...good,
      apiBase: 'http://127.0.0.1:8080/api/v3',
      host: '127.0.0.1',
      bootstrap: ['[::1]:49737'],
    };
    for (const config of [good, other]) {
      writeConfig(file, config);
      expect(readConfig(file)).toEqual(config);
    }
    expect(fs.readFileSync(file, 'utf8').split('\n').length).toBeGreaterThan(5);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each<[field: string, wrong: Record<string, unknown>]>([
    ['v', { v: 2 }],
    ['apiBase', { apiBase: 'https://api.github.com/' }],
    ['apiBase', { apiBase: 'http://ghe.acme.test/api/v3', host: 'ghe.acme.test' }],
    ['apiBase', { apiBase: 'https://ada:pw@ghe.acme.test/api/v3', host: 'ghe.acme.test' }],
    ['apiBase', { apiBase: 'file:///etc/passwd' }],
    ['host', { apiBase: 'http://127.0.0.1:9/x', host: 'github.com' }],
    ['host', { host: 'ghe.acme.test' }],
    ['host', { host: 'GitHub.com' }],
    ['org', { org: '../acme' }],
    ['org', { org: undefined }],
    ['orgId', { orgId: '4711' }],
    ['orgId', { orgId: 0 }],
    ['bootstrap', { bootstrap: [] }],
    ['bootstrap[1]', { bootstrap: ['a.test:1', 'b.test'] }],
    ['bootstrap[0]', { bootstrap: ['a.test:70000'] }],
    ['unknown key "token"', { token: 'x' }],
  ])('refuses a wrong %s, naming file and field, for reading and for writing', (field, wrong) => {
    const file = path.join(tempDir(), 'config.json');
    const config = { ...good, ...wrong };
    fs.writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    for (const act of [() => readConfig(file), () => writeConfig(file, config)]) {
      expect(act).toThrow(TeammateSyncError);
      expect(act).toThrow(expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringContaining(field) }));
      expect(act).toThrow(file);
    }
  });

  it('refuses whatever else the file holds, without crashing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => read(text)).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
      }),
      { numRuns: 100 },
    );
    expect(() => read('['.repeat(50_000))).toThrow(expect.objectContaining({ code: 'BAD_CONFIG' }));
    expect(() => read(' '.repeat(70_000))).toThrow(/limit/);
  });
});

describe('bootstrap', () => {
  it('parses lists, and says which part is wrong', () => {
    expect(parseBootstrap('10.0.0.1:49737, dht.acme.test:1 ,[::1]:65535')).toEqual([
      '10.0.0.1:49737',
      'dht.acme.test:1',
      '[::1]:65535',
    ]);
    for (const wrong of ['', 'a', 'a:', ':1', 'a:0', 'a:65536', 'a:1,,b:2', 'a b:1', 'a:1x', '::1:2']) {
      const part = /a:1,,/.test(wrong) ? '""' : JSON.stringify(wrong.trim());
      expect(() => parseBootstrap(wrong), wrong).toThrow(`TEAMMATE_SYNC_BOOTSTRAP: ${part}`);
    }
  });

  it('knows loopback by the whole list and by the whole host', () => {
    expect(isLoopbackBootstrap(['127.0.0.1:1', 'localhost:2', '[::1]:3', '127.9.9.9:4'])).toBe(true);
    expect(isLoopbackBootstrap(['127.0.0.1:1', '10.0.0.1:1'])).toBe(false);
    expect(isLoopbackBootstrap(['127.0.0.1.evil.test:1'])).toBe(false);
    expect(isLoopbackBootstrap([])).toBe(false);
  });
});
