/** A reader in the middle of `show -f`: what it was told, in order. */
import type { ReadEvent } from '../../../src/protocol/local-api.ts';
import type { Turn } from '../../../src/protocol/turn.ts';
import { until } from '../until.ts';
import type { FakeClaude } from './fake-claude.ts';
import type { Person } from './person.ts';

const textsOf = (turns: Turn[]): string[] =>
  turns.flatMap((t) => t.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])));

export class Follower {
  readonly events: ReadEvent[] = [];
  readonly #stop = new AbortController();
  readonly #over: Promise<void>;

  constructor(reader: Person, owner: Person, claude: FakeClaude) {
    this.#over = this.#run(reader, owner, claude);
    // Its failure is told by close().
    this.#over.catch(() => {});
  }

  async #run(reader: Person, owner: Person, claude: FakeClaude): Promise<void> {
    const query = { session: claude.session, from: null, to: null, follow: true };
    for await (const event of reader.client.read(owner.login, query, this.#stop.signal)) this.events.push(event);
  }

  /** Texts since the stream began, or since it said that what stood before is void. */
  get texts(): string[] {
    const from = this.events.findLastIndex((e) => e.type === 'replaced') + 1;
    return textsOf(this.events.slice(from).flatMap((e) => (e.type === 'turn' ? [e.turn] : [])));
  }

  /** How often it was told that what stood before is void. */
  get replaced(): number {
    return this.events.filter((e) => e.type === 'replaced').length;
  }

  /** Why the share ended, once it did. */
  get ended(): string | null {
    return this.events.flatMap((e) => (e.type === 'ended' ? [e.reason] : []))[0] ?? null;
  }

  /** Resolves when it has been given exactly these texts; what comes twice or out of order never matches. */
  async reads(texts: string[]): Promise<void> {
    await until(
      () => {
        if (JSON.stringify(this.texts) === JSON.stringify(texts)) return true;
        throw new Error(
          `it was given ${JSON.stringify(this.events.map((e) => (e.type === 'turn' ? textsOf([e.turn])[0] : e)))}`,
        );
      },
      { what: `the follower to be given ${JSON.stringify(texts)}` },
    );
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#over.catch(() => {});
  }
}
