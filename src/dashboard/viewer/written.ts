/** An answer that a model writes, as far as it has come. */
import type { AnswerEvent } from '../../protocol/local-api.ts';
import type { Spot } from './outline.ts';

export type Piece = { is: 'text'; text: string } | { is: 'mark'; mark: number };

export interface Source extends Spot {
  mark: number;
  citation: string;
  handle: string;
  session: string;
}

export interface Written {
  /** Who writes, and where the excerpts went; null: nothing was asked. */
  model: { name: string; base: string } | null;
  pieces: readonly Piece[];
  /** Of the marks, each once, in order. */
  sources: readonly Source[];
  /** Citations that do not hold. */
  struck: number;
  /** Why there is no whole answer; null: there is, or it still comes. */
  fallback: string | null;
  isDone: boolean;
}

type Found = Extract<AnswerEvent, { type: 'found' }>;

export function begunBy({ model }: Pick<Found, 'model'>): Written {
  return { model, pieces: [], sources: [], struck: 0, fallback: null, isDone: false };
}

/** @param found with the excerpts that are cited */
export function writtenAfter(before: Written, event: AnswerEvent, { answer }: Pick<Found, 'answer'>): Written {
  switch (event.type) {
    case 'text': {
      const last = before.pieces.at(-1);
      const pieces: Piece[] =
        last?.is === 'text'
          ? [...before.pieces.slice(0, -1), { is: 'text', text: last.text + event.text }]
          : [...before.pieces, { is: 'text', text: event.text }];
      return { ...before, pieces };
    }
    case 'citation': {
      const { mark, citation, excerpt } = event;
      const pieces: Piece[] = [...before.pieces, { is: 'mark', mark }];
      const of = answer.excerpts.find(({ id }) => id === excerpt);
      if (of === undefined || before.sources.some((one) => one.mark === mark)) return { ...before, pieces };
      const { handle, session, source, from } = of;
      const line = Number(/:L(\d{1,9})/.exec(citation)?.[1] ?? from);
      return { ...before, pieces, sources: [...before.sources, { mark, citation, handle, session, source, line }] };
    }
    case 'struck':
      return { ...before, struck: before.struck + 1 };
    case 'fallback':
      return { ...before, fallback: event.reason, isDone: true };
    case 'done':
      return { ...before, isDone: true };
    default:
      return before;
  }
}

/** Its stream ended: without its last word it is not a whole answer, whoever cut it. */
export function cutOff(written: Written): Written {
  return written.isDone ? written : { ...written, fallback: 'it was cut off before it was whole', isDone: true };
}
