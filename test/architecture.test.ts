/** The shape of the house: who imports whom, how long a file is, what each entry point pulls in (docs/ARCHITECTURE.md). */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { rowsOf } from './docs/markdown.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const LINES_MAX = 250;

/** Every room may import these, file by file: they have no door. */
const BASE = ['protocol', 'platform', 'errors'];
const DOORLESS = new Set(BASE);

/** Room → what it may import besides itself. docs/ARCHITECTURE.md has the same table. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  protocol: [],
  platform: ['protocol', 'errors'],
  capture: BASE,
  redact: BASE,
  identity: BASE,
  connections: [...BASE, 'identity'],
  swarm: [...BASE, 'identity'],
  share: [...BASE, 'capture', 'redact', 'identity'],
  inbox: [...BASE, 'identity'],
  search: BASE,
  answer: [...BASE, 'search'],
  github: [...BASE, 'identity'],
  'local-api': BASE,
  relay: BASE,
  'claude-code': BASE,
  client: BASE,
  cli: [...BASE, 'client'],
  mcp: [...BASE, 'client'],
  dashboard: ['protocol', 'platform'],
  daemon: [
    ...BASE,
    ...[
      'capture',
      'redact',
      'identity',
      'connections',
      'swarm',
      'share',
      'inbox',
      'search',
      'answer',
      'github',
      'local-api',
      'relay',
      'claude-code',
    ],
  ],
  bin: ['capture', 'redact', 'cli', 'mcp', 'daemon'],
};

interface Import {
  /** Paths from the root, with forward slashes. */
  from: string;
  to: string;
}

function filesUnder(folder: string): string[] {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => /\.tsx?$/.test(name))
    .toSorted();
}

/** `src/share/feed.ts` is in share, `src/errors.ts` in errors, `bin/x.ts` in bin. */
function roomOf(file: string): string {
  const [top = '', next = ''] = file.split('/');
  return top === 'src' ? next.replace(/\.tsx?$/, '') : top;
}

/** Statements at the start of a line (static, side effect, re-export, of types too), and `import('…')` anywhere. */
const STATEMENT = /^(?:import|export)\b[^;'"]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'\s*\)/g;
const UNREADABLE = /\bimport\((?!\s*'[^']+'\s*\))/;

function specifiersIn(source: string): string[] {
  const found = [...source.matchAll(STATEMENT), ...source.matchAll(DYNAMIC)];
  return found.map((match) => match[1] ?? match[2] ?? '');
}

const files = [...filesUnder('src'), ...filesUnder('bin')];
const sources = new Map(files.map((file) => [file, fs.readFileSync(path.join(ROOT, file), 'utf8')]));
const imports: Import[] = [...sources].flatMap(([from, source]) =>
  specifiersIn(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({ from, to: path.posix.join(path.posix.dirname(from), specifier) })),
);
const across = imports.filter(({ from, to }) => roomOf(from) !== roomOf(to));
const show = ({ from, to }: Import): string => `${from} → ${to}`;

describe('imports', () => {
  it('are all read: what esbuild follows is a part of it, and nothing is imported by a computed name', async () => {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: filesUnder('bin'),
      outdir: 'unwritten',
      write: false,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      metafile: true,
      logLevel: 'error',
    });
    const known = new Set(imports.map(show));
    const followed = Object.entries(metafile.inputs).flatMap(([from, { imports: all }]) =>
      all.filter(({ external }) => !external).map(({ path: to }) => show({ from, to })),
    );
    expect(followed.length).toBeGreaterThan(200);
    expect(followed.filter((arrow) => !known.has(arrow))).toEqual([]);
    // The one exception hands its process over to another of our bundles, which is an entry point of its own.
    const computed = [...sources].filter(([, source]) => UNREADABLE.test(source)).map(([file]) => file);
    expect(computed).toEqual(['bin/teammate-sync.ts']);
  });

  it('lead to files that exist', () => {
    expect(imports.filter(({ to }) => !sources.has(to)).map(show)).toEqual([]);
  });

  it('go only where the table allows', () => {
    const rooms = new Set(files.map(roomOf));
    expect([...rooms].filter((room) => !Object.hasOwn(ALLOWED, room))).toEqual([]);
    expect(Object.keys(ALLOWED).filter((room) => !rooms.has(room))).toEqual([]);
    const wrong = across.filter(({ from, to }) => !ALLOWED[roomOf(from)]?.includes(roomOf(to)));
    expect(wrong.map(show)).toEqual([]);
  });

  it('enter another room by its door', () => {
    const around = across.filter(({ to }) => !DOORLESS.has(roomOf(to)) && to !== `src/${roomOf(to)}/index.ts`);
    // Behind the door of the daemon is everything; its process is to load the one mode that it is in.
    expect(around.map(({ from, to }) => `${from} ${to}`)).toEqual(['bin/teammate-syncd.ts src/daemon/main.ts']);
  });

  it('of the daemon are made by its process entry alone', () => {
    const importers = across.filter(({ to }) => roomOf(to) === 'daemon').map(({ from }) => from);
    expect(importers).toEqual(['bin/teammate-syncd.ts']);
  });

  it('make no cycle between rooms', () => {
    const next = new Map<string, Set<string>>();
    for (const { from, to } of across) next.set(roomOf(from), (next.get(roomOf(from)) ?? new Set()).add(roomOf(to)));
    const cycles: string[] = [];
    const visit = (room: string, trail: readonly string[]): void => {
      if (trail.includes(room)) cycles.push([...trail, room].join(' → '));
      else for (const to of next.get(room) ?? []) visit(to, [...trail, room]);
    };
    for (const room of next.keys()) visit(room, []);
    expect(cycles).toEqual([]);
  });
});

describe('files', () => {
  it(`have at most ${LINES_MAX} lines`, () => {
    const long = [...sources]
      .map(([file, source]) => ({ file, lines: source.split('\n').length - 1 }))
      .filter(({ lines }) => lines > LINES_MAX);
    expect(long).toEqual([]);
  });

  it('that are doors open with a comment', () => {
    const doors = files.filter((file) => /^src\/[\w-]+\/index\.ts$/.test(file));
    expect(doors.length).toBeGreaterThan(8);
    expect(doors.filter((door) => !sources.get(door)?.startsWith('/**'))).toEqual([]);
  });
});

describe('the table in docs/ARCHITECTURE.md', () => {
  it('is the one that is enforced', () => {
    const documented = rowsOf('ARCHITECTURE.md', 'Room', 'May import').map(([room = '', may = '']) => [room, may]);
    const enforced = Object.entries(ALLOWED).map(([room, may]) => [room, namesOf(may)]);
    expect(documented.toSorted()).toEqual(enforced.toSorted());
  });
});

/** As the document writes them. */
function namesOf(rooms: readonly string[]): string {
  if (rooms.length === 0) return 'nothing';
  const base = BASE.every((room) => rooms.includes(room));
  const others = base ? rooms.filter((room) => !BASE.includes(room)) : rooms;
  return [...(base ? ['the base'] : []), ...others].join(', ');
}

describe('what an entry point pulls in', () => {
  const listOf = (entry: string): string[] =>
    fs
      .readFileSync(path.join(ROOT, 'docs', `deps-${entry}.txt`), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));

  it('is what docs/deps-*.txt say (after a wanted change: node scripts/update-deps.mjs)', async () => {
    const check = promisify(execFile)(process.execPath, ['scripts/update-deps.mjs', '--check'], { cwd: ROOT });
    await expect(check).resolves.toMatchObject({ stderr: '' });
  });

  it('is no package at all for the command line and the hook', () => {
    expect(listOf('teammate-sync').filter((line) => line.startsWith('package '))).toEqual([]);
  });

  it('is no package and little else for the redaction thread', () => {
    const list = ['room capture', 'room errors', 'room platform', 'room protocol', 'room redact'];
    expect(listOf('teammate-sync-redactor')).toEqual(list);
  });

  it('is no room of the daemon for the command line and the hook', () => {
    const rooms = listOf('teammate-sync').map((line) => line.replace('room ', ''));
    expect(rooms).toEqual(['cli', 'client', 'errors', 'platform', 'protocol']);
  });

  it("is GitHub's client, for the daemon alone and only when GitHub is asked", () => {
    const theirs = (entry: string): string[] => listOf(entry).filter((line) => /octokit|bottleneck/.test(line));
    const packages = ['@octokit/core', '@octokit/plugin-retry', '@octokit/plugin-throttling', 'bottleneck'];
    expect(theirs('teammate-syncd')).toEqual(packages.map((name) => `package ${name} (loaded when needed)`));
    expect(theirs('teammate-sync')).toEqual([]);
  });

  it("is Anthropic's SDK, for the daemon alone and only when an answer is wished for", () => {
    const theirs = (entry: string): string[] => listOf(entry).filter((line) => line.includes('anthropic'));
    expect(theirs('teammate-syncd')).toEqual(['package @anthropic-ai/sdk (loaded when needed)']);
    for (const entry of ['teammate-sync', 'teammate-sync-mcp', 'dashboard']) expect(theirs(entry)).toEqual([]);
  });

  it('is no client and no command line for the daemon', () => {
    expect(listOf('teammate-syncd').filter((line) => ['room cli', 'room client'].includes(line))).toEqual([]);
  });
});
