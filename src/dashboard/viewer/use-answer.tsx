/** Asking and what came of it, as long as it may be shown. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AskRequest, AskResponse, Excerpt } from '../../protocol/local-api.ts';
import type { Link } from '../link/index.ts';
import { now } from '../model/clock.ts';
import { useOwnFailure } from '../parts/dialog.tsx';
import { nameOf, over } from './over.ts';
import { isReadable } from './readable.ts';
import { tellOnce } from './told.ts';
import { begunBy, cutOff, type Written, writtenAfter } from './written.ts';

interface Question {
  question: string;
  /** A model writes the answer: the excerpts leave this machine. */
  byModel: boolean;
}

export interface Answered extends Question {
  answer: AskResponse;
  excerpts: Excerpt[];
  /** Null: no model was asked, or what it wrote of may not be read any more. */
  written: Written | null;
  /** Of `performance.now()`, when it was asked. */
  at: number;
}

interface Asking {
  answered: Answered | null;
  running: boolean;
  /** @param cursor of the answer before: more of the same */
  ask: (question: Question, cursor?: string | null) => Promise<void>;
  cancel: () => void;
  /** The last failure. */
  shown: JSX.Element | null;
}

export function useAnswer(
  link: Link,
  { handles, session, whom }: { handles: string[]; session: string | null; whom: string },
): Asking {
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [running, setRunning] = useState(false);
  const current = useRef<AbortController | null>(null);
  const { shown, onFailure, clear } = useOwnFailure();
  useEffect(() => () => current.current?.abort(), []);
  const left = readableOf(answered, link);
  useEffect(() => {
    // Out of memory, too.
    if (left !== answered) setAnswered(left);
  });

  const ask = async ({ question, byModel }: Question, cursor: string | null = null): Promise<void> => {
    current.current?.abort();
    const stop = new AbortController();
    current.current = stop;
    clear();
    setRunning(true);
    const at = performance.now();
    const body: AskRequest = { handles, question, session, mode: 'question', budget: null, cursor };
    const found = (answer: AskResponse, written: Written | null): void => {
      tellOnce(answer.told);
      const before = cursor === null ? [] : (left?.excerpts ?? []);
      setAnswered({ question, byModel, answer, excerpts: [...before, ...answer.excerpts], written, at });
    };
    try {
      if (byModel && cursor === null) await follow(link, body, stop.signal, found, setAnswered);
      else found(await link.call('ask', { body }, stop.signal), left?.written ?? null);
    } catch (thrown) {
      if (!stop.signal.aborted) onFailure(`Ask ${whom}`, thrown);
    } finally {
      if (current.current === stop) setRunning(false);
    }
  };
  return { answered: left, running, ask, cancel: () => current.current?.abort(), shown };
}

type Change = (change: (before: Answered | null) => Answered | null) => void;

/** A model's answer as it comes; what was found is there first. */
async function follow(
  link: Link,
  body: AskRequest,
  signal: AbortSignal,
  found: (answer: AskResponse, written: Written) => void,
  change: Change,
): Promise<void> {
  let answer: AskResponse | null = null;
  /** Of this answer only: another may have taken its place. */
  const write = (next: (written: Written) => Written): void =>
    change((before) =>
      before === null || before.written === null || before.answer !== answer
        ? before
        : { ...before, written: next(before.written) },
    );
  try {
    for await (const event of link.stream('answer', { body }, signal)) {
      if (event.type === 'found') {
        ({ answer } = event);
        found(answer, begunBy(event));
      } else if (answer !== null) {
        const of = { answer };
        write((written) => writtenAfter(written, event, of));
      }
    }
  } finally {
    write(cutOff);
  }
}

/** What of it may still be read; a model's words go when one of the excerpts that they came from does. */
function readableOf(answered: Answered | null, link: Link): Answered | null {
  const inbox = link.parts.inbox.value;
  if (answered === null || inbox === null) return answered;
  const { excerpts, at } = answered;
  const known = { people: inbox.people, isLive: link.state.value.is === 'live', now: now.value };
  const endedSince = (one: Excerpt): boolean => (over.value.get(nameOf(one)) ?? -Infinity) >= at;
  const readable = excerpts.filter((one) => isReadable(one, known) && !endedSince(one));
  return readable.length === excerpts.length ? answered : { ...answered, excerpts: readable, written: null };
}
