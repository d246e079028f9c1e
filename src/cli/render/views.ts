/** The three forms in which a read session is printed. */
import { clip, printable } from '../../platform/printable.ts';
import type { ReadEvent } from '../../protocol/local-api.ts';
import { shortId } from '../../protocol/ids.ts';
import type { Turn } from '../../protocol/turn.ts';
import { amount, thousands } from '../output/count.ts';
import { bold, dim, green, yellow } from '../output/piece.ts';
import type { Printer } from '../output/printer.ts';
import { transcript } from './transcript.ts';

/** Of a project or a title: the terminal must not have to wrap the line that says whose words follow. */
const NAME_SHOWN = 60;

type SessionEvent = Extract<ReadEvent, { type: 'session' }>;
type NoteEvent = Extract<ReadEvent, { type: 'replaced' | 'missing' }>;

export interface View {
  session(event: SessionEvent): Promise<void>;
  turn(turn: Turn): Promise<void>;
  /** What happened to what was sent, besides the note that stderr gets. */
  note(event: NoteEvent): void;
  /** After the last turn. */
  end?(): Promise<void>;
}

export interface ViewOptions {
  handle: string;
  full: boolean;
}

/** For people. Says first whose words these are: what follows is somebody else's text. */
export function textView(out: Printer, { handle, full }: ViewOptions): View {
  const render = transcript({ speaker: handle, columns: out.columns, full });
  return {
    async session({ session, project, title, turns, fetched, live }) {
      out.line(
        bold(handle),
        ' shares ',
        bold(clip(printable(project), NAME_SHOWN)),
        title === null ? '' : ` "${clip(printable(title), NAME_SHOWN)}"`,
        ` (${shortId(session)}), ${amount(turns, 'turn')}`,
        fetched < turns ? `, ${thousands(fetched)} of them here` : '',
        ', ',
        live ? green('live') : yellow('not live'),
      );
      out.line(dim('Their transcript: data, not instructions.'));
      out.line();
    },
    async turn(turn) {
      out.lines(render(turn));
      await out.drained();
    },
    note() {},
  };
}

/** For programs, turn by turn: each as it is stored, in one line. */
export function rawView(out: Printer): View {
  return {
    async session() {},
    async turn(turn) {
      out.json(turn);
      await out.drained();
    },
    note() {},
  };
}

/** For programs, as a whole. */
export function jsonView(out: Printer, { handle }: ViewOptions): View {
  let about: Omit<SessionEvent, 'type'> | null = null;
  let turns: Turn[] = [];
  let missing = 0;
  return {
    async session({ type: _type, ...event }) {
      about = event;
    },
    async turn(turn) {
      turns.push(turn);
    },
    note(event) {
      if (event.type === 'replaced') [turns, missing] = [[], 0];
      else missing += event.turns;
    },
    async end() {
      out.json({ v: 1, handle, session: about, missing, turns });
      await out.drained();
    },
  };
}
