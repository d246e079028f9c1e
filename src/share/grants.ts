/**
 * Who may read which generation, on which connections, right now. A grant is a signed statement sealed to one device;
 * letting a connection ask for a core and sending the grant happen in one tick, and so does taking it away.
 */
import { b64url } from '../protocol/bytes.ts';
import type { Self } from '../identity/index.ts';
import type { PeerLink } from '../platform/peer-link.ts';
import { encodeGrants } from '../protocol/control.ts';
import { CONTROL_FRAME_MAX_BYTES, LEASE_MS, STATE_GRANTS_PER_FRAME } from '../protocol/limits.ts';
import type { Grant, Lease } from '../protocol/statements.ts';
import type { Generation } from './generation.ts';
import type { Leases } from './leases.ts';

/** One device of a recipient, as pinned. */
export interface RecipientDevice {
  uid: number;
  sign: string;
  box: string;
}

/** A generation that a person may read. */
export interface Readable {
  session: string;
  generation: Generation;
}

export interface GrantsOptions {
  self: Self;
  now: () => number;
  random: (bytes: number) => Uint8Array;
  leases: Leases;
}

/** A generation that a link is served, under the id that its device knows. */
export interface Granted extends Readable {
  gid: string;
}

/** What a link is served: by session, then by gid. */
type Served = Map<string, Map<string, Granted>>;

export class Grants {
  readonly #options: GrantsOptions;
  readonly #served = new Map<PeerLink, Served>();
  /** The gid of a generation for a device stays the same as long as this process lives. */
  readonly #gids = new Map<string, string>();

  constructor(options: GrantsOptions) {
    this.#options = options;
  }

  /** The generations that this link serves now. */
  on(link: PeerLink): Granted[] {
    return [...(this.#served.get(link)?.values() ?? [])].flatMap((session) => [...session.values()]);
  }

  /** Those of one session. */
  of(link: PeerLink, session: string): Granted[] {
    return [...(this.#served.get(link)?.get(session)?.values() ?? [])];
  }

  links(): PeerLink[] {
    return [...this.#served.keys()];
  }

  /**
   * Makes a link serve exactly `readable`: takes away the rest first, then grants what is new or listed in `again`, and
   * states the whole list, so that a lost message heals. `connection` is the invite that made the connection.
   */
  serve(link: PeerLink, device: RecipientDevice, connection: string, readable: Readable[], again: Set<string>): void {
    const wanted = new Map(readable.map((r) => [this.#gid(device, r), r]));
    for (const granted of this.on(link)) if (!wanted.has(granted.gid)) this.#take(link, granted);
    this.#grantAll(link, device, connection, wanted, again);
    this.state(link);
  }

  /** Those of `readable` that this link serves now. */
  served(link: PeerLink, readable: Readable[]): Readable[] {
    return readable.filter((r) => this.of(link, r.session).some((g) => g.generation === r.generation));
  }

  /**
   * Grants nothing new, and takes away what is not `readable` any more. A link that was served nothing is told nothing:
   * its device keeps what it got on an earlier one.
   */
  keep(link: PeerLink, readable: Readable[]): void {
    const had = this.on(link);
    this.#served.set(link, this.#served.get(link) ?? new Map());
    for (const granted of had)
      if (!readable.some((r) => r.generation === granted.generation)) this.#take(link, granted);
    if (had.length > 0) this.state(link);
  }

  /**
   * As {@link serve}, of one session alone, so that a change of one costs nothing for the others. The list is stated only
   * when something was taken away. Returns what is new.
   */
  serveSession(
    link: PeerLink,
    device: RecipientDevice,
    connection: string,
    session: string,
    readable: Readable[],
  ): Granted[] {
    const wanted = new Map(readable.map((r) => [this.#gid(device, r), r]));
    const lost = this.of(link, session).filter(({ gid }) => !wanted.has(gid));
    for (const granted of lost) this.#take(link, granted);
    const fresh = this.#grantAll(link, device, connection, wanted, new Set());
    if (lost.length > 0) this.state(link);
    return fresh;
  }

  /** Takes generations away from a link in this tick; the end is told by the caller. */
  takeAway(link: PeerLink, session: string | null): void {
    for (const granted of session === null ? this.on(link) : this.of(link, session)) this.#take(link, granted);
  }

  /** All that this link's device may read from us; what is not listed, it wipes. */
  state(link: PeerLink): void {
    const gids = this.on(link).map(({ gid }) => gid);
    for (let at = 0; at === 0 || at < gids.length; at += STATE_GRANTS_PER_FRAME) {
      const grants = gids.slice(at, at + STATE_GRANTS_PER_FRAME);
      link.tell('state', { grants, first: at === 0, last: at + STATE_GRANTS_PER_FRAME >= gids.length });
    }
  }

  /** Renews the leases of all that a link serves. */
  renew(link: PeerLink, device: RecipientDevice): void {
    const gids = this.on(link).map(({ gid }) => gid);
    const exp = this.#exp();
    for (let at = 0; at < gids.length; at += STATE_GRANTS_PER_FRAME) {
      const to = { uid: device.uid, sign: device.sign, box: device.box };
      const chunk = gids.slice(at, at + STATE_GRANTS_PER_FRAME);
      link.send('statement', this.#options.self.say<Lease>({ t: 'lease', to, exp, gids: chunk }).bytes);
    }
    for (const session of new Set(this.on(link).map((g) => g.session)))
      this.#options.leases.told(device, session, exp * 1000);
  }

  closed(link: PeerLink): void {
    this.takeAway(link, null);
    this.#served.delete(link);
  }

  #take(link: PeerLink, { session, gid, generation }: Granted): void {
    generation.detach(link);
    this.#served.get(link)?.get(session)?.delete(gid);
  }

  /** Returns what this link did not serve before. */
  #grantAll(
    link: PeerLink,
    device: RecipientDevice,
    connection: string,
    wanted: Map<string, Readable>,
    again: Set<string>,
  ): Granted[] {
    const served: Served = this.#served.get(link) ?? new Map();
    this.#served.set(link, served);
    const fresh: Granted[] = [];
    const sealed: Buffer[] = [];
    for (const [gid, { session, generation }] of wanted) {
      const had = served.get(session) ?? new Map<string, Granted>();
      if ((had.has(gid) && !again.has(gid)) || !generation.isAsWritten()) continue;
      sealed.push(this.#grant(device, connection, gid, session, generation));
      if (had.has(gid)) continue;
      generation.attach(link);
      const granted = { gid, session, generation };
      served.set(session, had.set(gid, granted));
      fresh.push(granted);
    }
    for (const frame of framesOf(sealed)) link.send('grants', frame);
    return fresh;
  }

  #exp(): number {
    return Math.floor((this.#options.now() + LEASE_MS) / 1000);
  }

  #gid(device: RecipientDevice, { session, generation }: Readable): string {
    const key = `${device.sign} ${session} ${generation.gen}`;
    const known = this.#gids.get(key) ?? b64url(this.#options.random(16));
    this.#gids.set(key, known);
    return known;
  }

  #grant(device: RecipientDevice, connection: string, gid: string, session: string, generation: Generation): Buffer {
    const { self, leases } = this.#options;
    const { gen, core, key } = generation.stored;
    const exp = this.#exp();
    const to = { uid: device.uid, sign: device.sign, box: device.box };
    const signed = self.say<Grant>({
      t: 'grant',
      to,
      exp,
      gid,
      connection,
      session,
      core,
      gen,
      key,
      perm: 'read',
    });
    leases.told(device, session, exp * 1000);
    return self.seal(signed, device.box);
  }
}

/** Packs sealed grants into frames within the bound. */
function framesOf(sealed: Buffer[]): Buffer[] {
  const frames: Buffer[] = [];
  let pack: Buffer[] = [];
  let bytes = 0;
  for (const box of sealed) {
    if (bytes + box.length + 4 > CONTROL_FRAME_MAX_BYTES) {
      frames.push(encodeGrants(pack));
      pack = [];
      bytes = 0;
    }
    pack.push(box);
    bytes += box.length + 4;
  }
  if (pack.length > 0) frames.push(encodeGrants(pack));
  return frames;
}
