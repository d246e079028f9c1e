/** The page stays small: its script, as it is sent, and nothing from elsewhere. */
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

const SCRIPT_MAX_BYTES = 60 * 1024;

describe('what the build makes of the page', () => {
  const files = new Map<string, Uint8Array>();

  beforeAll(async () => {
    const from = '../../../scripts/build.mjs';
    const { entries } = await import(from);
    const { outputFiles = [] } = await build({ ...entries.dashboard, write: false });
    for (const { path, contents } of outputFiles) files.set(path.split(/[\\/]/).at(-1) ?? '', contents);
  });

  it('is one script and one style sheet', () => {
    expect([...files.keys()].toSorted()).toEqual(['app.js', 'style.css']);
  });

  it('is under 60 KB of script, compressed', () => {
    expect(gzipSync(files.get('app.js') ?? '').length).toBeLessThan(SCRIPT_MAX_BYTES);
  });

  it('asks nothing of another host, and writes no markup', () => {
    const text = new TextDecoder().decode(files.get('style.css'));
    expect(text).not.toMatch(/url\(|@import/);
    const script = new TextDecoder().decode(files.get('app.js'));
    expect(script).not.toMatch(/\beval\(|new Function\(|document\.write/);
  });
});
