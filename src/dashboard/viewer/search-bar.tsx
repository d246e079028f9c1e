/** Finds words or an expression in one session. `/` gets here, Enter goes on to the next place, Shift+Enter back. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { count, percent } from '../../platform/count-words.ts';
import type { AskRequest, AskResponse } from '../../protocol/local-api.ts';
import type { Link } from '../link/index.ts';
import { go } from '../model/navigation.ts';
import { hashOf } from '../model/place.ts';
import { useOwnFailure } from '../parts/dialog.tsx';
import { answersUntilWhole, progressOf } from './finding.ts';
import { type Hit, hitsOf, stepped } from './hits.ts';
import { tellOnce } from './told.ts';

/** While the rest is still being indexed. */
const AGAIN_MS = 500;

interface SearchBarProps {
  link: Link;
  handle: string;
  session: string;
  /** It is mine; `as`: looked at as this recipient. */
  own: boolean;
  as: string | undefined;
  /** Told of the words that were found, to be marked; '': none, or an expression. */
  onLooked: (words: string) => void;
}

interface Found {
  asked: string;
  hits: Hit[];
  answer: AskResponse;
}

export function SearchBar({ link, handle, session, own, as, onLooked }: SearchBarProps): JSX.Element {
  const [typed, setTyped] = useState('');
  const [isRegex, setRegex] = useState(false);
  const [found, setFound] = useState<Found | null>(null);
  const [at, setAt] = useState(-1);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const running = useRef<AbortController | null>(null);
  const { shown, onFailure, clear } = useOwnFailure();
  useSlash(() => input.current?.focus());
  useEffect(() => () => running.current?.abort(), []);

  const asked = `${isRegex ? 'regex' : 'literal'} ${typed}`;
  // What was found of other words is not said beside these.
  const current = found?.asked === asked ? found : null;
  const visit = (hits: readonly Hit[], index: number): void => {
    setAt(index);
    const hit = hits[index];
    if (hit === undefined) return;
    const { line, source } = hit;
    go(
      hashOf(
        own
          ? { view: 'mine', session, as: as ?? null, line, source }
          : { view: 'theirs', handle, session, line, source },
      ),
    );
  };
  const find = async (cursor: string | null): Promise<void> => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    clear();
    setBusy(true);
    try {
      const mode = isRegex ? 'regex' : 'literal';
      const body: AskRequest = { handles: [handle], question: typed, session, mode, budget: null, cursor, as };
      const before = cursor === null ? [] : (found?.hits ?? []);
      let isVisited = false;
      const ask = (): Promise<AskResponse> => link.call('ask', { body }, stop.signal);
      for await (const answer of answersUntilWhole(ask, () => later(AGAIN_MS))) {
        if (stop.signal.aborted) return;
        tellOnce(answer.told);
        const hits = [...before, ...hitsOf(answer)];
        setFound({ asked, hits, answer });
        onLooked(isRegex || hits.length === 0 ? '' : typed);
        if (hits.length > before.length && !isVisited) visit(hits, before.length);
        isVisited ||= hits.length > before.length;
      }
    } catch (thrown) {
      if (!stop.signal.aborted) onFailure('Find in this session', thrown);
    } finally {
      if (running.current === stop) setBusy(false);
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || typed === '') return;
    event.preventDefault();
    if (current === null) void find(null);
    else visit(current.hits, stepped(at, event.shiftKey ? -1 : 1, current.hits.length));
  };

  return (
    <search class="search">
      <div class="search-line">
        <label class="search-field">
          <span class="only-heard">Find in this session</span>
          <input
            ref={input}
            type="search"
            value={typed}
            placeholder="Find in this session ( / )"
            spellcheck={false}
            onInput={(event) => {
              setTyped(event.currentTarget.value);
              onLooked('');
            }}
            onKeyDown={onKey}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={isRegex} onChange={(event) => setRegex(event.currentTarget.checked)} />
          regex
        </label>
        <button type="button" class="act" aria-busy={busy} onClick={() => void (typed !== '' && find(null))}>
          Find
        </button>
        {current === null || current.hits.length === 0 ? null : (
          <Steps found={current} at={at} visit={(index) => visit(current.hits, index)} />
        )}
      </div>
      {shown}
      <p role="status" class="quiet found">
        {current === null ? '' : foundWords(current, at)}
      </p>
      {current === null || current.answer.cursor === null ? null : (
        <button type="button" class="act small" onClick={() => void find(current.answer.cursor)}>
          More places
        </button>
      )}
    </search>
  );
}

function Steps({
  found: { hits },
  at,
  visit,
}: {
  found: Found;
  at: number;
  visit: (index: number) => void;
}): JSX.Element {
  return (
    <span class="acts">
      <button
        type="button"
        class="act small"
        aria-label="Previous place"
        onClick={() => visit(stepped(at, -1, hits.length))}
      >
        ↑
      </button>
      <button
        type="button"
        class="act small"
        aria-label="Next place"
        onClick={() => visit(stepped(at, 1, hits.length))}
      >
        ↓
      </button>
    </span>
  );
}

function foundWords({ hits, answer }: Found, at: number): string {
  const { more, found } = answer;
  const { searched, turns } = progressOf(answer);
  const part =
    searched < turns ? ` So far ${percent(searched, turns)} of the session is searched, the newest first.` : '';
  const hit = hits[at];
  if (hit === undefined) return `Nothing found.${part}`;
  return `${at + 1} of ${more ? 'over ' : ''}${count(Math.max(found, hits.length), 'place')}: line ${hit.line}, ${hit.text}${part}`;
}

/** `/` anywhere but where somebody types. */
function useSlash(act: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { target } = event;
      const isTyping = target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
