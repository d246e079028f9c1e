/** `alias`: short local names for people. */
import type { Aliases } from '../../protocol/local-api.ts';
import { openClient } from '../daemon-access.ts';
import { handleOf } from '../handles.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { bold, cyan, type Line } from '../output/piece.ts';
import { table } from '../output/table.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ io, args, json, out }: VerbContext): Promise<number> {
  const [name, handle] = args.words;
  const remove = args.value('remove');
  if (remove !== null && name !== undefined) throw new UsageError('alias: --remove takes the name alone');
  if (name !== undefined && handle === undefined) {
    throw new UsageError('alias: whom is it to mean?', 'alias <name> <handle>');
  }
  const client = openClient(io);
  const answer =
    remove !== null
      ? await client.call('alias', { body: { name: remove, handle: null } })
      : name === undefined
        ? await client.call('aliases')
        : await client.call('alias', { body: { name: handleOf(name), handle: handleOf(handle ?? '') } });
  if (json) out.json({ v: 1, ...answer });
  else out.lines(aliasLines(answer));
  return EXIT.done;
}

function aliasLines({ aliases }: Aliases): Line[] {
  if (aliases.length === 0) return [['There are no aliases. Make one: ', cyan('teammate-sync alias <name> <handle>')]];
  return table(aliases.map(({ name, handle }) => [bold(name), `means ${handle}`]));
}
