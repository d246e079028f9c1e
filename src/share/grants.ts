/**
 * Who may read which generation, on which connections, right now. A grant is a signed statement sealed to one device;
 * attaching a core to a connection and sending the grant happen in one tick, and so does taking it away.
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

export class Grants {
  readonly #options: GrantsOptions;
  /** What each link was granted and is attached to, by gid. */
  readonly #attached = new Map<PeerLink, Map<string, Granted>>();
  /** The gid of a generation for a device stays the same as long as this process lives. */
  readonly #gids = new Map<string, string>();

  constructor(options: GrantsOptions) {
    this.#options = options;
  }

  /** The generations that this link serves now. */
  on(link: PeerLink): Granted[] {
    return [...(this.#attached.get(link)?.values() ?? [])];
  }

  links(): PeerLink[] {
    return [...this.#attached.keys()];
  }

  /**
   * Makes a link serve exactly `readable`: takes away the rest first, then grants what is new or listed in `again`, and
   * states the whole list, so that a lost message heals. `connection` is the invite that made the connection.
   */
  serve(link: PeerLink, device: RecipientDevice, connection: string, readable: Readable[], again: Set<string>): void {
    const had = this.#attached.get(link) ?? new Map<string, Granted>();
    const wanted = new Map(readable.map((r) => [this.#gid(device, r), r]));
    for (const [gid, { generation }] of had) {
      if (wanted.has(gid)) continue;
      generation.detach(link);
      had.delete(gid);
    }
    this.#attached.set(link, had);
    const sealed: Buffer[] = [];
    for (const [gid, { session, generation }] of wanted) {
      if (had.has(gid) && !again.has(gid)) continue;
      sealed.push(this.#grant(device, connection, gid, session, generation));
      if (!had.has(gid)) generation.attach(link);
      had.set(gid, { gid, session, generation });
    }
    for (const frame of framesOf(sealed)) link.send('grants', frame);
    this.state(link);
  }

  /** Takes generations away from a link in this tick; the end is told by the caller. */
  takeAway(link: PeerLink, session: string | null): void {
    const had = this.#attached.get(link);
    for (const [gid, granted] of had ?? []) {
      if (session !== null && granted.session !== session) continue;
      granted.generation.detach(link);
      had?.delete(gid);
    }
  }

  /** All that this link's device may read from us; what is not listed, it wipes. */
  state(link: PeerLink): void {
    const gids = [...(this.#attached.get(link)?.keys() ?? [])];
    for (let at = 0; at === 0 || at < gids.length; at += STATE_GRANTS_PER_FRAME) {
      const grants = gids.slice(at, at + STATE_GRANTS_PER_FRAME);
      link.tell('state', { grants, first: at === 0, last: at + STATE_GRANTS_PER_FRAME >= gids.length });
    }
  }

  /** Renews the leases of all that a link serves. */
  renew(link: PeerLink, device: RecipientDevice): void {
    const gids = [...(this.#attached.get(link)?.keys() ?? [])];
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
    this.#attached.delete(link);
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
