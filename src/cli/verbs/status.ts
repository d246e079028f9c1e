/** `status`: one screenful, or with `--line` one line. */
import type { Status } from '../../protocol/local-api.ts';
import { isSessionId } from '../../protocol/ids.ts';
import { openClient } from '../daemon-access.ts';
import { textField } from '../field.ts';
import { readOneJson } from '../hook-input.ts';
import { EXIT, UsageError } from '../output/error.ts';
import { dim } from '../output/piece.ts';
import { statusLine, statusLines } from '../render/status.ts';
import { currentSession } from '../session-choice.ts';
import type { CliIo } from '../io.ts';
import type { VerbContext } from '../verb.ts';

/** A status line is drawn again and again: it does not wait for a daemon that is busy. */
const LINE_TIMEOUT_MS = 1000;
const LINE_INPUT_MS = 200;

/** What a daemon of an earlier version does not say. */
const NOTHING_MORE = { github: null, people: [], shares: [], unheardEnds: [], readable: [], invites: [] };

export async function run(context: VerbContext): Promise<number> {
  const { io, args, json, out } = context;
  if (args.flag('line')) return line(context);
  const status: Status = { ...NOTHING_MORE, ...(await openClient(io).call('status')) };
  if (json) out.json({ v: 1, ...status });
  else out.lines(statusLines(status, io.now()));
  return EXIT.done;
}

/** There is always a line and always exit code 0: a status line that fails would only vanish. */
async function line({ io, json, out }: VerbContext): Promise<number> {
  if (json) throw new UsageError('status: --json and --line exclude each other');
  const session = await sessionOfLine(io);
  try {
    const status: Status = { ...NOTHING_MORE, ...(await openClient(io, LINE_TIMEOUT_MS).call('status')) };
    out.line(...statusLine(status, session, io.now()));
  } catch {
    out.line(dim('teammate-sync: off'));
  }
  return EXIT.done;
}

/** Claude Code hands its status line command a JSON object with the session's id on stdin. */
async function sessionOfLine(io: CliIo): Promise<string | null> {
  const known = currentSession(io);
  if (known !== null || io.stdinIsTTY) return known;
  const id = textField(await readOneJson(io.stdin, LINE_INPUT_MS).catch(() => null), 'session_id');
  return id !== null && isSessionId(id) ? id : null;
}
