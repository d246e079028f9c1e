/** A mode of the daemon's process that is asked once and answers once. */
import { TeammateSyncError } from '../errors.ts';
import { fieldOf, jsonLine, textField } from './field.ts';
import type { CliIo } from './io.ts';
import { runHelper } from './run-helper.ts';
import { failureIn } from './setup-events.ts';

/** The `result` that it says when it is done. @throws TeammateSyncError as it reports it; INTERRUPTED, INTERNAL */
export async function runOnce(io: CliIo, mode: 'logout' | 'uninstall', request: object): Promise<unknown> {
  const answer: { result?: unknown } = {};
  await runHelper(io, mode, request, (line) => {
    const event = jsonLine(line);
    const type = textField(event, 'type');
    if (type === 'error') throw failureIn(fieldOf(event, 'error'));
    if (type !== 'done') return false;
    answer.result = fieldOf(event, 'result');
    return true;
  });
  if (answer.result === undefined) throw new TeammateSyncError('INTERNAL', `the ${mode} does not say what it did`);
  return answer.result;
}
