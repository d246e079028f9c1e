/** An inbox, and an owner who may grant anything and put anything into a core. */
import { randomBytes } from 'node:crypto';
import HyperDHT from 'hyperdht';
import type Hypercore from 'hypercore';
import { onTestFinished } from 'vitest';
import { Inbox } from '../../src/inbox/index.ts';
import { type Self, sign } from '../../src/identity/index.ts';
import { CorePool } from '../../src/platform/core-pool.ts';
import { type CoreFolder, openCoreFolder } from '../../src/platform/core-storage.ts';
import { b64url, pae } from '../../src/protocol/bytes.ts';
import { type CoreHeader, encodeHeader, HEADER_DOMAIN, headerPayload } from '../../src/protocol/core-block.ts';
import { PERSON_MAX_BYTES, SESSION_MAX_BYTES } from '../../src/protocol/limits.ts';
import type { End, Grant, Lease } from '../../src/protocol/statements.ts';
import { SESSION } from '../protocol/samples.ts';
import { makeSelf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { tempDir } from '../support/tmp-dir.ts';

const CONNECTION = Buffer.alloc(16, 1).toString('base64url');

export class Rig {
  readonly clock = new ManualClock();
  readonly owner: Self = makeSelf({ uid: 1001, login: 'marie', clock: this.clock });
  readonly me: Self = makeSelf({ uid: 2002, login: 'tomas', clock: this.clock });
  readonly folder = `${tempDir()}/inbox`;
  readonly cores: CorePool;
  consented = [CONNECTION];
  readonly problems: string[] = [];
  readonly events: string[] = [];
  inbox: Inbox;

  /** @param coresOpenMax cores that may be open at once */
  constructor(coresOpenMax?: number) {
    this.cores = new CorePool(coresOpenMax);
    this.inbox = this.open();
    onTestFinished(() => this.inbox.stop());
  }

  /** As a new start of the daemon finds it. */
  open(): Inbox {
    const inbox = new Inbox({
      clock: this.clock,
      cores: this.cores,
      folder: this.folder,
      consented: () => this.consented,
      onProblem: (error) => this.problems.push(error.code),
      sessionMaxBytes: SESSION_MAX_BYTES,
      personMaxBytes: PERSON_MAX_BYTES,
    });
    inbox.on('ended', (uid, session, reason) => this.events.push(`ended ${uid} ${session.slice(0, 8)}: ${reason}`));
    return inbox;
  }

  async restart(): Promise<void> {
    await this.inbox.stop();
    this.inbox = this.open();
    await this.inbox.start();
  }

  get #to(): { uid: number; sign: string; box: string } {
    return { uid: this.me.uid, sign: this.me.signKey, box: this.me.boxKey };
  }

  grant(changes: Partial<Grant> = {}): Grant {
    const exp = Math.floor(this.clock.now() / 1000) + 3600;
    const whole = {
      t: 'grant' as const,
      to: this.#to,
      exp,
      gid: b64url(randomBytes(16)),
      connection: CONNECTION,
      session: SESSION,
      core: b64url(randomBytes(32)),
      gen: 1,
      key: b64url(randomBytes(32)),
      perm: 'read' as const,
    };
    return { ...this.owner.say<Grant>(whole).statement, ...changes };
  }

  lease(gids: string[], forSeconds = 3600): Lease {
    const exp = Math.floor(this.clock.now() / 1000) + forSeconds;
    return this.owner.say<Lease>({ t: 'lease', to: this.#to, exp, gids }).statement;
  }

  end(session = SESSION): End {
    const exp = Math.floor(this.clock.now() / 1000) + 3600;
    return this.owner.say<End>({ t: 'end', to: this.#to, exp, session, reason: 'unshared' }).statement;
  }
}

/** A core of the owner, whose header may say anything. */
export class OwnerCore {
  readonly folder: CoreFolder;
  readonly grant: Grant;
  readonly header: CoreHeader;

  private constructor(folder: CoreFolder, grant: Grant, header: CoreHeader) {
    this.folder = folder;
    this.grant = grant;
    this.header = header;
  }

  get core(): Hypercore & { truncate(length: number): Promise<void> } {
    return this.folder.core as never;
  }

  /** @param first block 0; the true header by default */
  static async make(
    rig: Rig,
    options: { header?: Partial<CoreHeader>; grant?: Partial<Grant>; first?: Buffer; signer?: Self } = {},
  ): Promise<OwnerCore> {
    const blockKey = randomBytes(32);
    const folder = await openCoreFolder(`${tempDir()}/owner`, { keyPair: HyperDHT.keyPair() }, blockKey);
    onTestFinished(() => folder.close());
    const core = b64url(folder.core.key);
    const grant = rig.grant({ core, key: b64url(blockKey), ...options.grant });
    const header: CoreHeader = {
      t: 'teammate-sync/core',
      format: 1,
      session: SESSION,
      gen: grant.gen,
      core,
      owner: { uid: rig.owner.uid, sign: rig.owner.signKey },
      host: 'github.com',
      org: 9009,
      project: 'proj',
      startedAt: '2026-11-22T07:30:00.000Z',
      kind: 'continue',
      after: [],
      ...options.header,
    };
    const payload = headerPayload(header);
    const keys = (options.signer ?? rig.owner).keys;
    const signed = encodeHeader(payload, sign(pae(HEADER_DOMAIN, payload), keys.sign.secretKey));
    await folder.core.append(options.first ?? signed);
    return new OwnerCore(folder, grant, header);
  }
}
