/** docs/ERRORS.md and the exit codes of docs/CONFIGURATION.md against the code. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT, exitCodeOf } from '../../src/cli/output/error.ts';
import { errorTable, TeammateSyncError, type ErrorCode } from '../../src/errors.ts';
import { ROOT, rowsOf } from './markdown.ts';

const rows = rowsOf('ERRORS.md', 'Code', 'Status', 'Exit code', 'Meaning', 'Hint');
const codes = Object.entries(errorTable) as [ErrorCode, readonly [number, string]][];
const UNUSED = 'Not used today';

/** Codes that some source file names, besides the table itself. */
function thrown(): Set<string> {
  const found = new Set<string>();
  for (const file of fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file === 'errors.ts') continue;
    const source = fs.readFileSync(path.join(ROOT, 'src', file), 'utf8');
    for (const [, code = ''] of source.matchAll(/'([A-Z][A-Z_]+)'/g)) found.add(code);
  }
  return found;
}

describe('docs/ERRORS.md', () => {
  it('has every code once, in order, with status, exit code and hint', () => {
    const documented = rows.map(([code, status, exit, , hint]) => [code, Number(status), Number(exit), hint]);
    const real = codes.map(([code, [status, hint]]) => {
      const plain = hint.replaceAll('`', '');
      return [code, status, exitCodeOf(new TeammateSyncError(code, '')), plain];
    });
    expect(documented).toEqual(real);
  });

  it('says of every code what it means, and of those that nothing throws that they are not used', () => {
    const used = thrown();
    expect(rows.filter(([, , , meaning]) => meaning === '')).toEqual([]);
    const documented = rows.filter(([, , , meaning]) => meaning?.startsWith(UNUSED)).map(([code]) => code);
    expect(documented).toEqual(codes.map(([code]) => code).filter((code) => !used.has(code)));
  });
});

describe('docs/CONFIGURATION.md', () => {
  it('has the exit codes', () => {
    const documented = rowsOf('CONFIGURATION.md', 'Code', 'Meaning').map(([code]) => Number(code));
    expect(documented).toEqual(Object.values(EXIT));
  });
});
