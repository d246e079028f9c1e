/** `help`, and what a program typed alone says. */
import { EXIT, UsageError } from '../output/error.ts';
import { overview, verbHelp } from '../help-text.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ args, json, out }: VerbContext): Promise<number> {
  // Loaded here and not above: the table lists this file.
  const { findVerb, suggestVerb, verbs } = await import('../verb-table.ts');
  const [typed] = args.words;
  if (typed === undefined) {
    if (json) out.json({ v: 1, verbs: verbs.filter(({ hidden }) => !hidden).map(describe) });
    else out.lines(overview(verbs));
    return EXIT.done;
  }
  const spec = findVerb(typed, ['<handle>']);
  if (!spec) {
    const near = suggestVerb(typed);
    throw new UsageError(`there is no "${typed}"${near === null ? '' : `; did you mean ${near}?`}`);
  }
  if (json) out.json({ v: 1, ...describe(spec) });
  else out.lines(verbHelp(spec));
  return EXIT.done;
}

function describe(
  spec: Pick<import('../verb.ts').VerbSpec, 'name' | 'aliases' | 'summary' | 'usage' | 'options'>,
): object {
  const { name, aliases, summary, usage, options } = spec;
  return { name, aliases, summary, usage, options };
}
