/**
 * One session that is being read: its outline as it comes, the texts in view, and what became of it. When it may not be read
 * any more, everything of it is forgotten at once.
 */
import { batch, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { OutlineEvent } from '../../protocol/local-api.ts';

import type { Link } from '../link/index.ts';
import { reasonOf } from '../model/notices.ts';
import { isOver } from './over.ts';
import { Outline, type OutlineRow, type Spot, type TurnRow } from './outline.ts';
import { type ReadingRequest, sessionTexts } from './session-texts.ts';
import type { Texts, TextState } from './texts.ts';
import { tellOnce } from './told.ts';

export type Phase =
  | { is: 'opening' }
  /** All that is known is here, and more comes by itself. */
  | { is: 'open'; caughtUp: boolean }
  /** Nothing of it may be read any more. */
  | { is: 'over'; why: string }
  | { is: 'failed'; why: string; hint: string };

export interface About {
  project: string;
  title: string | null;
  live: boolean;
}

/** Between two drawings of what comes. */
const DRAWN_MS = 30;
/** Between a stream that was cut and the next try. */
const AGAIN_MS = 500;

export class Reading {
  readonly #link: Link;
  readonly #request: ReadingRequest;
  readonly #texts: Texts;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #phase = signal<Phase>({ is: 'opening' });
  readonly #about = signal<About | null>(null);
  readonly #version = signal(0);
  readonly #replaced = signal(0);
  #outline = new Outline();
  /** Of a stream that began anew, until it is as long as the one that is shown. */
  #next: Outline | null = null;
  #stop: AbortController | null = null;
  #isClosed = false;
  #isChanged = false;

  /** @param wait milliseconds */
  constructor(link: Link, request: ReadingRequest, wait = later) {
    this.#link = link;
    this.#wait = wait;
    this.#request = request;
    this.#texts = sessionTexts(link, request, () => this.#changed());
  }

  get phase(): ReadonlySignal<Phase> {
    return this.#phase;
  }

  /** Null: not known yet, or not to be known any more. */
  get about(): ReadonlySignal<About | null> {
    return this.#about;
  }

  /** Changes with whatever is to be drawn. */
  get version(): ReadonlySignal<number> {
    return this.#version;
  }

  /** How often the owner replaced what was sent before. */
  get replaced(): ReadonlySignal<number> {
    return this.#replaced;
  }

  get count(): number {
    return this.#outline.count;
  }

  row(index: number): OutlineRow | undefined {
    return this.#outline.row(index);
  }

  indexOf(spot: Spot): number {
    return this.#outline.indexOf(spot);
  }

  text(spot: Spot): TextState | null {
    return this.#texts.get(spot);
  }

  /** @param rows in view now, in order */
  want(rows: readonly TurnRow[]): void {
    if (this.#phase.peek().is === 'open') this.#texts.want(rows);
  }

  /** Follows it until it is over or closed; over cuts, and while the page is not seen, too. */
  async follow(): Promise<void> {
    while (!this.#isClosed && !isEnd(this.#phase.peek())) {
      await this.#isReachable();
      if (this.#isClosed) return;
      this.#stop = new AbortController();
      const { signal: stop } = this.#stop;
      try {
        for await (const event of this.#link.stream('outline', { body: { ...this.#request, follow: true } }, stop)) {
          this.#take(event);
          if (isEnd(this.#phase.peek())) return;
        }
      } catch (thrown) {
        if (this.#link.state.peek().is === 'live') this.#failed(thrown);
      }
      await this.#wait(AGAIN_MS);
    }
  }

  /** Lets the stream go, of which a browser allows few, until the page is seen again. */
  pause(): void {
    this.#stop?.abort();
  }

  /** Forgets everything: it may not be shown any more. */
  end(why: string): void {
    this.#stop?.abort();
    this.#forget({ is: 'over', why });
  }

  close(): void {
    this.#isClosed = true;
    this.#stop?.abort();
    this.#texts.clear();
  }

  #take(event: OutlineEvent): void {
    switch (event.type) {
      case 'session': {
        const { project, title, live } = event;
        tellOnce(event.told);
        this.#about.value = { project, title, live };
        this.#begin();
        return;
      }
      case 'turns':
        (this.#next ?? this.#outline).add(event);
        break;
      case 'missing':
        (this.#next ?? this.#outline).miss({ ...event, overQuota: event.overQuota ?? false });
        break;
      case 'replaced':
        this.#replaced.value++;
        this.#next = null;
        this.#outline = new Outline();
        this.#texts.clear();
        break;
      case 'caughtUp':
        this.#phase.value = { is: 'open', caughtUp: true };
        break;
      default:
        this.#forget({ is: 'over', why: event.reason });
        return;
    }
    if (this.#next !== null && (event.type === 'caughtUp' || this.#next.count >= this.#outline.count)) {
      this.#outline = this.#next;
      this.#next = null;
    }
    this.#changed();
  }

  /** A stream begins: what it says is the truth from now on, and what is shown stays until it is there. */
  #begin(): void {
    // Cursors of an earlier stream may be of what was replaced meanwhile.
    this.#texts.clear();
    if (this.#outline.count > 0) this.#next = new Outline();
    if (this.#phase.peek().is === 'opening') this.#phase.value = { is: 'open', caughtUp: false };
    this.#changed();
  }

  /** Soon, and once for all that comes until then: an outline has many pieces. */
  #changed(): void {
    if (this.#isChanged) return;
    this.#isChanged = true;
    void this.#wait(this.#version.peek() === 0 ? 0 : DRAWN_MS).then(() => {
      this.#isChanged = false;
      this.#version.value++;
    });
  }

  #forget(phase: Phase): void {
    batch(() => {
      isOver(this.#request);
      this.#texts.clear();
      this.#outline = new Outline();
      this.#next = null;
      this.#about.value = null;
      this.#phase.value = phase;
      this.#version.value++;
    });
  }

  /** A refusal is about the session itself; a link that was lost comes back. */
  #failed(thrown: unknown): void {
    const { code, message, hint } = reasonOf(thrown);
    if (code === 'DAEMON_NOT_RUNNING' || this.#isClosed) return;
    this.#stop?.abort();
    this.#forget({ is: 'failed', why: message, hint });
  }

  /** Resolves when the link is live and somebody can see the page. */
  #isReachable(): Promise<void> {
    return new Promise((resolve) => {
      const stopLooking = effect(() => {
        if (this.#link.state.value.is !== 'live' || !seen.value) return;
        resolve();
        // The effect is not made yet when it holds at once.
        queueMicrotask(() => stopLooking());
      });
    });
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

function isEnd({ is }: Phase): boolean {
  return is === 'over' || is === 'failed';
}

/** The page can be seen. */
export const seen = signal(true);
