/** Keeps the machine findable by its contacts in the epochs that are open, and one link per device of each contact. */
import { EventEmitter } from 'node:events';
import type { SecretStream } from 'hyperswarm';
import { TeammateSyncError } from '../errors.ts';
import { epochAt, type Self } from '../identity/index.ts';
import { type Clock, every, type Timer } from '../platform/clock.ts';
import type { ControlFrame } from '../protocol/control.ts';
import { EPOCH_OVERLAP_MS } from '../protocol/limits.ts';
import { type Contact, Contacts } from './contacts.ts';
import { DeviceLink } from './device-link.ts';
import { EpochNode, type Tap } from './epoch-node.ts';
import { Gate } from './gate.ts';
import { Healer } from './healer.ts';
import type { Candidate } from './hello-session.ts';
import { type NetworkState, Reachability } from './reachability.ts';
import { Seeker } from './seeker.ts';
import { Wake } from './wake.ts';

export interface SwarmOptions {
  self: Self;
  clock: Clock;
  /** host:port of the DHT to join. */
  bootstrap: string[];
  /** Everything binds to loopback. */
  loopback: boolean;
  /** For networks that cannot reach each other: the relay's public key. */
  relay?: Buffer | null;
  /** Devices that are linked at once. */
  devicesMax: number;
  /** Kept on disk: the transport key's turn only grows. */
  turn: { get: () => number; set: (turn: number) => void };
  tap?: Tap | null;
}

export interface SwarmEvents {
  open: [link: DeviceLink];
  close: [link: DeviceLink];
  frame: [link: DeviceLink, frame: ControlFrame, bytes: Buffer];
  /** A device showed a record other than the pinned one: ask GitHub, do not trust. */
  record: [uid: number, text: string];
  problem: [error: TeammateSyncError, uid: number | null];
}

/** How often it is asked whether another epoch has come; a clock that was set and a wake from sleep are noticed then, too. */
const EPOCH_TICK_MS = 5000;
/** An old node lives at most this long beside its successor. */
const HANDOVER_MS = 5000;

export class Swarm extends EventEmitter<SwarmEvents> {
  readonly #options: SwarmOptions;
  readonly #gate: Gate;
  readonly #healer: Healer;
  readonly #reachability: Reachability;
  readonly #seeker: Seeker;
  readonly #contacts: Contacts;
  #nodes: EpochNode[] = [];
  #links: DeviceLink[] = [];
  #retired = new Set<Promise<void>>();
  #tick: Timer | null = null;
  #stopped = false;

  constructor(options: SwarmOptions) {
    super();
    this.#options = options;
    this.#contacts = new Contacts(options.self);
    this.#gate = new Gate(options.clock);
    this.#reachability = new Reachability(options.clock);
    this.#healer = new Healer(
      options.clock,
      () => new Set(this.#contacts.absent(true, this.#linked())),
      async (signs) => {
        await Promise.all(this.#nodes.map((node) => node.refresh(signs)));
      },
    );
    this.#seeker = new Seeker(
      options.clock,
      () =>
        this.#linked().size < options.devicesMax || this.#spare() ? this.#contacts.absent(false, this.#linked()) : [],
      () => this.#joinTopics(),
    );
  }

  start(): void {
    const { clock } = this.#options;
    const wake = new Wake(clock, EPOCH_TICK_MS);
    this.#openEpochs();
    this.#seeker.start();
    this.#tick = every(
      clock,
      EPOCH_TICK_MS,
      () => {
        this.#openEpochs();
        if (wake.slept()) this.#healer.restart();
      },
      () => {},
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#tick?.cancel();
    this.#healer.stop();
    this.#seeker.stop();
    for (const link of this.#links) link.end();
    await Promise.all([...this.#nodes.map((node) => node.destroy()), ...this.#retired]);
    this.#nodes = [];
  }

  /** Who may be met from now on: joins and leaves topics and cuts the links of everybody else, in this tick. */
  meet(contacts: Contact[]): void {
    const more = this.#contacts.set(contacts);
    this.#joinTopics();
    for (const link of this.#links) if (!this.#contacts.get(link.sign)) link.end();
    if (more) this.#healer.restart();
  }

  /** The nodes of the open epochs, oldest first. */
  get nodes(): readonly EpochNode[] {
    return this.#nodes;
  }

  /** The newest ready link to each device of a person. */
  linksOf(uid: number): DeviceLink[] {
    return this.links().filter((link) => link.uid === uid);
  }

  links(): DeviceLink[] {
    return this.#links.filter((link) => link.ready && !link.closed);
  }

  /**
   * Takes the transport key away from those who know it: nodes with the next key come up beside the old ones, which go
   * once their successors are announced. Contacts reconnect by themselves.
   */
  turnTransportKey(): void {
    const { turn } = this.#options;
    turn.set(turn.get() + 1);
    const old = this.#nodes;
    this.#nodes = old.map((node) => this.#openNode(node.epoch));
    for (const [i, node] of old.entries()) this.#retire(node, this.#nodes[i] ?? null);
  }

  status(): NetworkState & { peers: number; epochs: number[] } {
    return {
      ...this.#reachability.state(this.#nodes),
      peers: this.#linked().size,
      epochs: this.#nodes.map((n) => n.epoch),
    };
  }

  #linked(): Set<string> {
    return new Set(this.links().map((l) => l.sign));
  }

  #joinTopics(nodes: readonly EpochNode[] = this.#nodes): void {
    for (const node of nodes) node.meet(this.#contacts.meetings(this.#seeker.now));
  }

  /** Within two hours of an epoch's edge both its neighbours are open: make before break. */
  #openEpochs(): void {
    if (this.#stopped) return;
    this.#reachability.look(this.#nodes);
    const now = this.#options.clock.now();
    // They come again at once, and the difference of the clocks is taken anew.
    for (const link of this.links()) if (link.clockWasSet) link.end();
    const wanted = new Set([epochAt(now - EPOCH_OVERLAP_MS), epochAt(now), epochAt(now + EPOCH_OVERLAP_MS)]);
    for (const node of this.#nodes.filter((n) => !wanted.has(n.epoch))) this.#retire(node, null);
    const kept = this.#nodes.filter((n) => wanted.has(n.epoch));
    const fresh = [...wanted].filter((e) => !kept.some((n) => n.epoch === e)).map((e) => this.#openNode(e));
    this.#nodes = [...kept, ...fresh].sort((a, b) => a.epoch - b.epoch);
    if (fresh.length > 0) this.#healer.restart();
  }

  #openNode(epoch: number): EpochNode {
    const { self, bootstrap, loopback, relay, turn, tap } = this.#options;
    const node = new EpochNode({
      epoch,
      self,
      turn: turn.get(),
      bootstrap,
      host: loopback ? '127.0.0.1' : null,
      relay: relay ?? null,
      gate: this.#gate,
      tap: tap ?? null,
      onProved: (from, connection, who, text) => this.#onProved(from, connection, who, text),
      onRefused: (error) => this.emit('problem', error, null),
      onNetwork: () => this.#healer.restart(),
    });
    this.#joinTopics([node]);
    return node;
  }

  #retire(node: EpochNode, successor: EpochNode | null): void {
    const patience = new Promise<void>((resolve) => setTimeout(resolve, successor ? HANDOVER_MS : 0).unref());
    const gone = Promise.race([successor?.announced() ?? patience, patience]).then(() => node.destroy());
    this.#retired.add(gone);
    void gone.finally(() => this.#retired.delete(gone));
  }

  #onProved(node: EpochNode, connection: SecretStream, who: Candidate, recordText: string): void {
    const contact = this.#contacts.get(who.sign);
    if (!contact || this.#stopped) return connection.destroy();
    const link = new DeviceLink(
      { connection, uid: contact.uid, sign: contact.sign, box: who.box, epoch: node.epoch, clock: this.#options.clock },
      {
        onReady: (ready) => this.#onReady(ready),
        onFrame: (from, frame, bytes) => this.emit('frame', from, frame, bytes),
        onClose: (closed, error) => this.#onClose(closed, error),
      },
    );
    this.#links.push(link);
    this.emit('record', contact.uid, recordText);
  }

  /** The newest epoch's link carries everything; older ones go once it is ready. */
  #onReady(link: DeviceLink): void {
    const others = this.#links.filter((l) => l !== link && l.sign === link.sign && l.ready && !l.closed);
    if (others.some((l) => l.epoch > link.epoch)) return link.end();
    const { devicesMax } = this.#options;
    if (this.#linked().size > devicesMax) this.#spare(link)?.end();
    if (this.#linked().size > devicesMax) {
      return link.cutOff(new TeammateSyncError('TOO_MANY_DEVICES', `no more than ${devicesMax} devices are linked`));
    }
    if (link.skewed) {
      const minutes = Math.round(Math.abs(link.skewMs) / 60_000);
      this.emit('problem', new TeammateSyncError('CLOCK_SKEW', `the clocks differ by ${minutes} minutes`), link.uid);
    }
    this.emit('open', link);
    for (const other of others) other.end();
  }

  /** A link to somebody for whom nothing is announced. It leaves for another one, or idlers would shut out who invites. */
  #spare(newcomer?: DeviceLink): DeviceLink | undefined {
    return this.links().find((link) => link !== newcomer && !this.#contacts.get(link.sign)?.joined);
  }

  #onClose(link: DeviceLink, error: TeammateSyncError | null): void {
    this.#links = this.#links.filter((l) => l !== link);
    if (error) this.emit('problem', error, link.uid);
    if (link.ready) this.emit('close', link);
    if (this.#contacts.get(link.sign)?.joined && !this.#stopped) this.#healer.restart();
  }
}
