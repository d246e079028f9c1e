/** What was asked for on the command line. */
import { parseArgs } from 'node:util';

const SECTION_NAMES = ['live', 'back-fill', 'cli', 'daemon', 'loop'] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

export interface BenchOptions {
  /** One JSON object on stdout instead of tables. */
  json: boolean;
  /** Smaller sizes and fewer repetitions. */
  quick: boolean;
  sections: SectionName[];
}

export const USAGE = `usage: npm run bench -- [--quick] [--json] [--only ${SECTION_NAMES.join(',')}]`;

/** @throws Error for what is not understood */
export function parseOptions(argv: string[]): BenchOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: SECTION_NAMES.join(',') },
    },
  });
  const wanted = values.only.split(',');
  const unknown = wanted.find((name) => !SECTION_NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`there is no section ${JSON.stringify(unknown)}`);
  return { json: values.json, quick: values.quick, sections: SECTION_NAMES.filter((name) => wanted.includes(name)) };
}
