/** One shared session: its file, its generations and the feed that fills them. Recipients are names here, not links. */
import { bytesOf } from '../identity/index.ts';
import type { Timer } from '../platform/clock.ts';
import { removeTree } from '../platform/private-files.ts';
import { type Entry, type Redacted, REDACTION_RULES_VERSION } from '../redact/index.ts';
import { Chain } from './chain.ts';
import { Feed } from './feed.ts';
import type { Generation } from './generation.ts';
import { appendBeginning } from './copied-beginning.ts';
import type { SharedSessionOptions } from './shared-session-options.ts';
import { countMasked, FROM_NEXT, type StoredRecipient, type StoredSession } from './store.ts';

/** How far the cores reach is saved at most this often while lines come in. */
const CHECKPOINT_MS = 1000;

export class SharedSession {
  readonly stored: StoredSession;
  readonly #options: SharedSessionOptions;
  readonly #chain: Chain;
  #feed: Feed | null = null;
  #title: string | null = null;
  /** Generations change one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #over = false;
  /** A generation that replaces all, because of a lost core, is on its way. */
  #lost = false;
  #checkpointing: Timer | null = null;
  /** What is read is what the transcript begins with. */
  #beginning = false;

  constructor(options: SharedSessionOptions) {
    this.#options = options;
    this.stored = options.file.value;
    const { folder, file, self, random, clock, cores, onUnheard: onBehind } = options;
    const onLost = (generation: Generation, error: unknown): void => this.#onLost(generation, error);
    this.#chain = new Chain({ folder, file, self, random, cores, now: () => clock.now(), onBehind, onLost });
  }

  get id(): string {
    return this.stored.session;
  }

  get title(): string | null {
    return this.#title;
  }

  get turns(): number {
    return this.#chain.turns;
  }

  get since(): string | null {
    return this.#chain.since;
  }

  /** How much of the transcript was read, 0 to 1. */
  get read(): number {
    return this.#feed?.read ?? 0;
  }

  /** Generations that a recipient may read, or (null) that there are; none once the share is over. */
  readableBy(uid: number | null): readonly Generation[] {
    const from = uid === null ? 0 : this.stored.recipients.find((r) => r.uid === uid)?.fromGen;
    if (from === undefined || this.#over) return [];
    return this.#chain.generations.filter((g) => g.gen >= from);
  }

  /** How far each source is in the cores. */
  get positions(): Chain['positions'] {
    return this.#chain.positions;
  }

  /** Opens what earlier runs left, begins a new generation (this process's own), and starts the feed. */
  start(): Promise<void> {
    return this.#enqueue(async () => {
      const usable = await this.#reopened();
      const sameRules = this.stored.rules === REDACTION_RULES_VERSION;
      this.stored.rules = REDACTION_RULES_VERSION;
      const fresh = this.stored.generations.length === 0;
      await this.#beginNow(fresh || (usable && sameRules) ? 'continue' : 'replace');
    });
  }

  async #reopened(): Promise<boolean> {
    try {
      await this.#chain.reopen();
      return true;
    } catch (error) {
      this.#options.onError(error);
      return false;
    }
  }

  /** Resolves when all that is in the transcript now was appended, or cannot be for now, or when the share is over. */
  async drained(): Promise<void> {
    await this.#feed?.drain().catch(() => {});
  }

  /** Adds people who do not have it yet. `fromNow` leaves out what came before. */
  async add(people: { uid: number; login: string }[], fromNow: boolean): Promise<StoredRecipient[]> {
    const fresh = people.filter((p) => !this.stored.recipients.some((r) => r.uid === p.uid));
    if (fresh.length === 0) return [];
    const fromGen = fromNow ? FROM_NEXT : 0;
    const since = this.#options.clock.now();
    const added = fresh.map(({ uid, login }) => ({ uid, login, since, fromGen }));
    this.stored.recipients.push(...added);
    this.#chain.checkpoint();
    if (fromNow) await this.#beginFromNow();
    return added;
  }

  /** Takes people off the list, in this tick and on disk. */
  remove(leaving: readonly StoredRecipient[]): void {
    this.stored.recipients = this.stored.recipients.filter((r) => !leaving.includes(r));
    this.#chain.checkpoint();
  }

  /** After somebody lost access: what comes now goes into a core whose key they never had. */
  newGeneration(): Promise<void> {
    return this.#begin('continue');
  }

  /** Thinking is in or out for all generations alike, so the earlier ones are replaced. */
  async setThinking(withThinking: boolean): Promise<void> {
    if (this.stored.withThinking === withThinking) return;
    this.stored.withThinking = withThinking;
    this.#chain.checkpoint();
    await this.#begin('replace');
  }

  /** Keeps everything for the next start. */
  async stop(): Promise<void> {
    this.#over = true;
    await this.#feed?.stop();
    await this.#queue;
    await this.#chain.close();
  }

  /** Ends it: nothing is appended or served after this tick, and nothing is left on disk when it resolves. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#feed?.stop();
    await this.#queue;
    await this.#chain.wipe();
    await removeTree(this.#options.folder);
  }

  #begin(kind: 'continue' | 'replace'): Promise<void> {
    return this.#enqueue(() => this.#beginNow(kind));
  }

  /** A core is not what was written to it, or cannot be opened: everything is made anew from the transcript. */
  #onLost(generation: Generation, error: unknown): void {
    if (this.#over || this.#lost || !this.#chain.generations.includes(generation)) return;
    this.#lost = true;
    this.#options.onError(error);
    this.#begin('replace')
      .catch(this.#options.onError)
      .finally(() => {
        this.#lost = false;
      });
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    const next = this.#queue.then(() => (this.#over ? undefined : step()));
    this.#queue = next.catch(() => {});
    return next;
  }

  async #beginNow(kind: 'continue' | 'replace'): Promise<void> {
    if (kind === 'replace') {
      await this.#feed?.stop();
      this.#feed = null;
      this.stored.masked = [];
      // The new generation holds everything again, also what these people were not to get.
      for (const recipient of this.stored.recipients) if (recipient.fromGen > 0) recipient.fromGen = FROM_NEXT;
    }
    if (this.#over) return;
    await this.#chain.begin(kind);
    if (!this.#feed) this.#openFeed();
    this.#options.onGenerations();
    if (this.#fromNext().length > 0) void this.#beginFromNow().catch(this.#options.onError);
  }

  #fromNext(): StoredRecipient[] {
    return this.stored.recipients.filter((r) => r.fromGen === FROM_NEXT);
  }

  /** All that is in the transcript now goes into the generations so far; what comes later, into one of its own. */
  #beginFromNow(): Promise<void> {
    return this.#enqueue(async () => {
      const drained = this.#feed?.drain().then(() => true);
      // Not drained: what was said before would go to them. It begins when the feed has caught up again.
      if ((await drained?.catch(() => false)) === false || this.#over || this.#fromNext().length === 0) return;
      await this.#beginForNext();
    });
  }

  async #beginForNext(): Promise<void> {
    await this.#chain.begin('continue');
    const from = this.#chain.newest?.gen ?? FROM_NEXT;
    for (const recipient of this.#fromNext()) recipient.fromGen = from;
    this.#chain.checkpoint();
    this.#options.onGenerations();
  }

  #openFeed(): void {
    if (this.#over) return;
    const { clock, redaction, onError } = this.#options;
    const feed = new Feed({
      path: this.stored.transcriptPath,
      clock,
      redaction,
      key: bytesOf(this.stored.markKey),
      withThinking: this.stored.withThinking,
      positions: () => this.#chain.positions,
      append: (entries, masked) => this.#append(entries, masked),
      onReset: () => void this.#begin('replace').catch(onError),
      onCaughtUp: () => {
        this.#beginning = false;
        this.#title = feed.title;
        this.#checkpointSoon();
        if (this.#fromNext().length > 0) void this.#beginFromNow().catch(onError);
      },
      onError,
    });
    this.#feed = feed;
  }

  /**
   * Not at each line: saving is durable, which would stand between a line and its readers for as long as the disk takes.
   * After a crash the cores say the rest.
   */
  #checkpointSoon(): void {
    if (this.#checkpointing) return;
    this.#checkpointing = this.#options.clock.after(CHECKPOINT_MS, () => {
      this.#checkpointing = null;
      if (!this.#over && this.#chain.unsaved) this.#chain.checkpoint();
    });
  }

  async #append(entries: Redacted<Entry>[], masked: ReadonlyMap<string, number>): Promise<void> {
    if (this.#over) return;
    if (this.#chain.positions.size === 0) this.#beginning = true;
    if (!this.#beginning) await this.#chain.append(entries);
    else await appendBeginning(entries, this.stored.recipients, this.#chain, () => this.#beginForNext());
    countMasked(this.stored, masked);
    if (this.#chain.newest) this.#options.onUnheard(this.#chain.newest);
    this.#options.onAppended();
  }
}
