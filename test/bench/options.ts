/** What was asked for on the command line. */
import { parseArgs } from 'node:util';

const SECTION_NAMES = [
  'live',
  'back-fill',
  'cli',
  'daemon',
  'idle',
  'many',
  'sessions',
  'loop',
  'answers',
  'dashboard',
] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

/** Names for several. */
const GROUPS: Readonly<Record<string, SectionName[]>> = { growth: ['back-fill', 'many', 'sessions'] };

export interface BenchOptions {
  /** One JSON object on stdout instead of tables. */
  json: boolean;
  /** Tables for docs/PERFORMANCE.md. */
  markdown: boolean;
  /** Smaller sizes and fewer repetitions. */
  quick: boolean;
  sections: SectionName[];
}

export const USAGE = `usage: npm run bench -- [--quick] [--json | --markdown] [--only ${[...SECTION_NAMES, ...Object.keys(GROUPS)].join(',')}]`;

/** @throws Error for what is not understood */
export function parseOptions(argv: string[]): BenchOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: SECTION_NAMES.join(',') },
    },
  });
  const wanted: string[] = values.only.split(',').flatMap((name) => GROUPS[name] ?? name);
  const unknown = wanted.find((name) => !SECTION_NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`there is no section ${JSON.stringify(unknown)}`);
  const { json, markdown, quick } = values;
  return { json, markdown, quick, sections: SECTION_NAMES.filter((name) => wanted.includes(name)) };
}
