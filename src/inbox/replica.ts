/** The recipient's copy of one generation: ciphertext on disk, its key in memory only. */
import { TeammateSyncError } from '../errors.ts';
import { bytesOf, verify } from '../identity/index.ts';
import { type CoreFolder, openCopyFolder } from '../platform/core-storage.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import { pae } from '../protocol/bytes.ts';
import { type CoreHeader, HEADER_DOMAIN, parseBlock, parseHeader } from '../protocol/core-block.ts';
import type { Grant } from '../protocol/statements.ts';
import type { Turn } from '../protocol/turn.ts';
import { Fetcher } from './fetcher.ts';

export interface ReplicaOptions {
  folder: string;
  grant: Grant;
  /** Resolves when an earlier copy of the same core is gone from the folder. */
  free: Promise<void>;
  /** Bytes that may be taken of this generation, after what is held already of its session and person. */
  allowance: (replica: Replica) => number;
  /** More can be read: the header, a block, or a new length. */
  onChanged: (replica: Replica) => void;
  /** More than is taken: both sides are told, once. */
  onQuota: (replica: Replica, error: TeammateSyncError) => void;
  /** It must not be shown any more; the caller wipes it. */
  onBroken: (replica: Replica, error: TeammateSyncError) => void;
}

const TITLE = Buffer.from('"kind":"title"');
/** How long the header may take once the core is attached. */
const HEADER_TIMEOUT_MS = 15_000;

export class Replica {
  readonly grant: Grant;
  header: CoreHeader | null = null;
  title: string | null = null;
  /** Blocks and entries that the owner says there are. */
  announced = { blocks: 0, turns: 0, final: false };
  readonly #options: ReplicaOptions;
  #opened: CoreFolder | null = null;
  #fetcher: Fetcher | null = null;
  #opening: Promise<void> | null = null;
  #over = false;
  #proving = false;
  #titleBlock = 0;
  #links = new Set<PeerLink>();

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.grant = options.grant;
  }

  /** Blocks, the header included, that are known to exist. */
  get length(): number {
    return this.#opened?.core.length ?? 0;
  }

  get fetched(): { blocks: number; turns: number } {
    return { blocks: this.#fetcher?.blocks ?? 0, turns: this.#fetcher?.turns ?? 0 };
  }

  /** Opens the core, once, and replicates it on this connection. */
  async attach(link: PeerLink): Promise<void> {
    this.#links.add(link);
    this.#opening ??= this.#open();
    await this.#opening;
    if (this.#over || link.closed || !this.#opened) return;
    this.#opened.core.replicate(link.mux);
    // Nothing but the header is asked for before it has proved whose core this is.
    if (this.header) this.#fetcher?.resume();
    else void this.#proveHeader();
  }

  /** The owner's device says how much there is. */
  announce(count: { blocks: number; turns: number; final: boolean }): void {
    this.announced = { blocks: count.blocks, turns: count.turns, final: count.final };
    this.#checkWhole();
  }

  /** Bytes that the owner says this generation has. */
  get bytes(): number {
    return this.#opened?.core.byteLength ?? 0;
  }

  /** Connections on which it is replicated. */
  get links(): PeerLink[] {
    return [...this.#links].filter((link) => !link.closed);
  }

  detached(link: PeerLink): void {
    this.#links.delete(link);
  }

  /** The owner is connected. */
  get live(): boolean {
    return this.links.length > 0;
  }

  /** Entries of a block (from 1); waits for it while the owner is connected. Null: not here, and not to be had now. */
  async read(block: number, waitMs: number): Promise<Turn[] | null> {
    const core = this.#opened?.core;
    if (!core || !this.header || this.#over) return null;
    // Over the quota nothing more is fetched, also not because somebody reads on.
    const wait = this.live && waitMs > 0 && this.#fetcher?.paused !== true;
    const bytes = await core.get(block, wait ? { timeout: waitMs } : { wait: false }).catch(() => null);
    if (!bytes || this.#over) return null;
    this.#fetcher?.took(block, bytes);
    return this.#over ? null : this.#parse(bytes);
  }

  /** Ends all reading in this tick and forgets the key; resolves when the folder is free. The ciphertext stays. */
  async close(): Promise<void> {
    this.#over = true;
    this.header = null;
    this.title = null;
    this.#fetcher?.stop();
    await this.#opening?.catch(() => {});
    await this.#opened?.close();
    this.#opened = null;
  }

  async #open(): Promise<void> {
    const { folder, grant, free } = this.#options;
    await free;
    if (this.#over) return;
    this.#opened = await openCopyFolder(folder, bytesOf(grant.core), bytesOf(grant.key));
    const { core } = this.#opened;
    core.on('truncate', () =>
      this.#broken(new TeammateSyncError('GENERATION_FORKED', 'the owner rewrote this generation')),
    );
    core.on('append', () => this.#grown());
    this.#fetcher = new Fetcher({
      core,
      onBlock: (index, block) => this.#onBlock(index, block),
      onBroken: (why) => this.#broken(new TeammateSyncError('FRAME_MALFORMED', `the session core holds ${why}`)),
    });
  }

  /** Nothing is shown before block 0 has proved whose core this is; a wrong block key shows here, too. */
  async #proveHeader(): Promise<void> {
    const core = this.#opened?.core;
    if (!core || this.#proving) return;
    this.#proving = true;
    let block: Buffer | null = null;
    while (!block && this.live && !this.#over) {
      const got = await core.get(0, { timeout: HEADER_TIMEOUT_MS }).catch((error: unknown) => error);
      if (got instanceof Uint8Array) block = Buffer.from(got);
      else if (!isNotYet(got)) {
        return this.#broken(new TeammateSyncError('HEADER_MISMATCH', 'block 0 cannot be read', { cause: got }));
      }
    }
    this.#proving = false;
    // Not to be had now: asked for again when its owner is back.
    if (!block || this.#over) return;
    try {
      this.header = this.#checkHeader(block);
    } catch (error) {
      return this.#broken(
        error instanceof TeammateSyncError
          ? error
          : new TeammateSyncError('HEADER_MISMATCH', 'block 0 is not a header'),
      );
    }
    this.#options.onChanged(this);
    this.#grown();
  }

  #checkHeader(block: Buffer): CoreHeader {
    const { header, payload, signature } = parseHeader(block);
    const { grant } = this.#options;
    const same =
      header.core === grant.core &&
      header.session === grant.session &&
      header.gen === grant.gen &&
      header.owner.uid === grant.from.uid &&
      header.owner.sign === grant.from.sign &&
      header.host === grant.host &&
      header.org === grant.org;
    if (!same || !verify(signature, pae(HEADER_DOMAIN, payload), bytesOf(grant.from.sign))) {
      throw new TeammateSyncError('HEADER_MISMATCH', 'the session core does not belong to the grant');
    }
    return header;
  }

  /** An owner that has less of a finished generation than we do was set back to an older copy of its disk. */
  #checkWhole(): boolean {
    const { blocks, final } = this.announced;
    if (!final || this.length <= blocks) return true;
    this.#broken(
      new TeammateSyncError('GENERATION_FORKED', 'the owner has less of this generation than was sent before'),
    );
    return false;
  }

  #grown(): void {
    const core = this.#opened?.core;
    if (!core || this.#over) return;
    if (core.fork !== 0) return this.#broken(new TeammateSyncError('GENERATION_FORKED', 'this generation has a fork'));
    if (!this.#checkWhole()) return;
    if (core.byteLength > this.#options.allowance(this)) return this.#overQuota();
    if (!this.header) return;
    this.#fetcher?.resume();
    this.#options.onChanged(this);
  }

  /** What is here stays readable; nothing more is fetched. */
  #overQuota(): void {
    if (!this.#fetcher?.pause()) return;
    const { session } = this.#options.grant;
    const error = new TeammateSyncError(
      'QUOTA_EXCEEDED',
      `session ${session.slice(0, 8)} is larger than what is taken`,
    );
    this.#options.onQuota(this, error);
  }

  #onBlock(index: number, block: Buffer): number {
    const titles = block.includes(TITLE) ? this.#parse(block).filter((t) => t.kind === 'title') : [];
    const part = titles.at(-1)?.content[0];
    if (part?.type === 'text' && index > this.#titleBlock) {
      this.title = part.text;
      this.#titleBlock = index;
    }
    this.#options.onChanged(this);
    return titles.length;
  }

  #parse(block: Buffer): Turn[] {
    try {
      return parseBlock(block);
    } catch (error) {
      this.#broken(
        new TeammateSyncError(
          'FRAME_MALFORMED',
          `the session core holds ${error instanceof Error ? error.message : 'no entries'}`,
        ),
      );
      return [];
    }
  }

  #broken(error: TeammateSyncError): void {
    if (!this.#over) this.#options.onBroken(this, error);
  }
}

/** The block has not come, or the core is being closed; anything else is about the block itself. */
function isNotYet(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'REQUEST_TIMEOUT' || code === 'REQUEST_CANCELLED' || code === 'SESSION_CLOSED';
}
