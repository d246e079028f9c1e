/** What the documents say about commands, files, variables and each other. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findVerb, verbs } from '../../src/cli/verb-table.ts';
import { routes } from '../../src/protocol/local-api.ts';
import { PRODUCT_VERSION } from '../../src/protocol/version.ts';
import { anchorsOf, documents, proseOf, ROOT, rowsOf, textOf } from './markdown.ts';

const manifest = JSON.parse(textOf('package.json')) as { version: string; license: string; scripts: object };
const readme = textOf('README.md');
const here = (file: string): boolean => fs.existsSync(path.join(ROOT, file));

/** The fenced blocks of a language. */
function blocksOf(document: string, language: string): string[] {
  const blocks = textOf(document).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...blocks].filter(([, of]) => of === language).map(([, , block = '']) => block);
}

describe('the version', () => {
  it('is one, in the package and in the program', () => {
    expect(manifest.version).toBe(PRODUCT_VERSION);
  });
});

describe('commands in the documents', () => {
  it('of npm are scripts of the package', () => {
    const named = documents().flatMap((document) =>
      [...textOf(document).matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)].map(([, script, test]) => script ?? test),
    );
    expect(new Set(named)).toContain('demo');
    expect(named.filter((script) => !Object.hasOwn(manifest.scripts, script ?? ''))).toEqual([]);
  });

  it('of the program are verbs with such options', () => {
    const lines = blocksOf('README.md', 'sh').flatMap((block) => block.split('\n'));
    const typed = lines.filter((line) => line.startsWith('teammate-sync '));
    expect(typed.length).toBeGreaterThan(8);
    for (const line of typed) {
      const words = line.replace(/\s+#.*$/, '').split(' ');
      const spec = findVerb(words[1] ?? '', words.slice(2));
      expect(spec, line).not.toBeNull();
      const known = spec?.options.flatMap(({ name, short }) => [`--${name}`, `-${short}`]) ?? [];
      expect(words.slice(2).filter((word) => word.startsWith('-') && !known.includes(word))).toEqual([]);
    }
  });

  it('include every verb that people type', () => {
    const missing = verbs.filter(({ name, hidden }) => !hidden && !readme.includes(name)).map(({ name }) => name);
    expect(missing.filter((name) => name !== 'version')).toEqual([]);
  });

  it('that are not there yet are not there', () => {
    const later = /^## Not there yet\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? '';
    const named = [...later.matchAll(/`([a-z]+)`/g)].map(([, verb = '']) => verb).filter((verb) => verb !== 'init');
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((verb) => findVerb(verb) !== null)).toEqual([]);
  });
});

describe('the README', () => {
  it('is short', () => {
    expect(readme.split('\n').length).toBeLessThan(150);
  });
});

describe('links', () => {
  it.each(documents().filter((name) => name.endsWith('.md')))('of %s lead somewhere', (document) => {
    for (const [, target = ''] of proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const found = file === '' ? document : path.posix.join(path.posix.dirname(document), file);
      expect(here(found), target).toBe(true);
      if (anchor !== undefined) expect([...anchorsOf(found)], target).toContain(anchor);
    }
  });

  it('to files of the project, written as code, lead to files', () => {
    const missing = documents().flatMap((document) =>
      [...textOf(document).matchAll(/`((?:src|test|scripts|bin|docs)\/[\w./-]+)`/g)]
        .filter(([, file = '']) => !here(file))
        .map(([, file]) => `${document}: ${file}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('what is in no document', () => {
  it.each(documents())('%s: a path of a machine, the host of a registry', (document) => {
    const text = textOf(document);
    const folders = [ROOT, os.homedir()].filter((folder) => folder !== '/');
    expect(folders.filter((folder) => text.includes(`${folder}/`))).toEqual([]);
    expect(text).not.toMatch(/\/(?:home|Users)\/\w|\/(?:root|work)\//);
    expect(text).not.toMatch(/\bregistry\.[\w-]+\.|\bnpmjs\b|\bpkg\.github\b|\bproxy\.golang\b/i);
  });
});

describe('docs/CONFIGURATION.md', () => {
  it('lists exactly the variables that the program reads', () => {
    const read = new Set<string>();
    for (const file of fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const source = fs.readFileSync(path.join(ROOT, 'src', file), 'utf8');
      const names = source.matchAll(/\benv(?:\[|, )'([A-Z][A-Z_]+)'|'((?:GH|GITHUB)(?:_ENTERPRISE)?_TOKEN)'/g);
      for (const [, direct, token] of names) read.add(direct ?? token ?? '');
    }
    // `gh` is looked for by the system, in what is handed on to it.
    read.add('PATH');
    const documented = rowsOf('CONFIGURATION.md', 'Variable', 'Counts for', 'Effect').flatMap(([cell = '']) =>
      [...cell.matchAll(/[A-Z][A-Z_]{2,}/g)].map(([name]) => name),
    );
    expect(documented.toSorted()).toEqual([...read].toSorted());
  });

  it('has the fields of config.json', () => {
    const source = textOf('src/platform/config.ts');
    const decoder = /const configDecoder = object\(\{([\s\S]*?)^\}\);/m.exec(source)?.[1] ?? '';
    const fields = [...decoder.matchAll(/^ {2}(\w+):/gm)].map(([, field]) => field);
    const rows = rowsOf('CONFIGURATION.md', 'Field', 'Value');
    expect(rows.flatMap(([names = '']) => names.split(', '))).toEqual(fields);
  });
});

describe('docs/ARCHITECTURE.md', () => {
  it('has every route of the local API', () => {
    expect(rowsOf('ARCHITECTURE.md', 'Route').map(([route]) => route)).toEqual(Object.values(routes));
  });

  it('has every room', () => {
    const rooms = fs
      .readdirSync(path.join(ROOT, 'src'), { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `src/${entry.name}/` : `src/${entry.name}`));
    const documented = rowsOf('ARCHITECTURE.md', 'Folder', 'Purpose').map(([folder]) => folder);
    expect(documented.toSorted()).toEqual(['bin/', ...rooms].toSorted());
  });
});
