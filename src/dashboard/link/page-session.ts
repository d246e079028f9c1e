/** The page's session with the daemon: opened by the code of its address, kept in this tab, resumed by mutual proof. */
import type { ChallengeResponse, OpenedPage, ResumeKey } from '../../protocol/dashboard.ts';
import { PAGE_PATHS } from '../../protocol/dashboard.ts';
import { DashboardError } from './link.ts';
import { answerTo, base64url } from './proof.ts';
import { send } from './request.ts';
import type { Surroundings } from './surroundings.ts';

const STORED = 'teammate-sync';
const NONCE_BYTES = 32;
const AGAIN = 'type `teammate-sync dashboard`';

export class PageSession {
  /** Null: there is none. */
  token: string | null = null;
  readonly #page: Surroundings;
  /** In memory only: what a program that takes the port's place loads into this tab must not find it. */
  #resume: ResumeKey | null = null;

  constructor(page: Surroundings) {
    this.#page = page;
  }

  /** By the code in the address, else by what this tab has kept. @throws DashboardError PAGE_CLOSED, DAEMON_NOT_RUNNING */
  async open(): Promise<void> {
    const { location, storage } = this.#page;
    const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
    if (code !== undefined) {
      this.#page.forgetFragment();
      await this.#take(await this.#post(PAGE_PATHS.open, { code }));
      return;
    }
    const token = storage.getItem(STORED);
    if (token === null) throw new DashboardError('PAGE_CLOSED', 'This address alone opens nothing.', AGAIN);
    const response = await send(this.#page, { method: 'POST', path: PAGE_PATHS.key, body: {}, token });
    this.#resume = await shape<ResumeKey>(response);
    this.token = token;
  }

  /**
   * After the link was lost: whoever answers there now first proves that it is our daemon, then we prove who we are.
   * @throws DashboardError PAGE_CLOSED when it cannot be resumed, DAEMON_NOT_RUNNING while nobody answers
   */
  async resume(): Promise<void> {
    const resume = this.#resume;
    if (!resume) throw new DashboardError('PAGE_CLOSED', 'The daemon does not know this page any more.', AGAIN);
    const nonce = base64url(this.#page.random(NONCE_BYTES));
    const body = { id: resume.id, nonce };
    const asked = { method: 'POST', path: PAGE_PATHS.challenge, body, token: null, anonymous: true } as const;
    const response = await send(this.#page, asked);
    const port = Number(this.#page.location.port);
    // What is no challenge at all, such as somebody's web page, is no proof either.
    const challenge = await shape<ChallengeResponse>(response).catch(() => null);
    const proof = challenge && (await answerTo(challenge, { key: resume.key, nonce, port }).catch(() => null));
    if (challenge === null || proof === null) {
      throw new DashboardError('PAGE_CLOSED', 'Another program answers at this address. It was told nothing.', AGAIN);
    }
    await this.#take(await this.#post(PAGE_PATHS.resume, { id: resume.id, nonce: challenge.nonce, proof }));
  }

  async #post(path: string, body: unknown): Promise<Response> {
    return send(this.#page, { method: 'POST', path, body, token: null });
  }

  async #take(response: Response): Promise<void> {
    const { token, resume } = await shape<OpenedPage>(response);
    this.token = token;
    this.#resume = resume;
    this.#page.storage.setItem(STORED, token);
  }
}

/** Our own daemon's answer: its shapes are what the types say. */
async function shape<T>(response: Response): Promise<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await response.json()) as T;
}
