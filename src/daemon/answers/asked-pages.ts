/** What an answer keeps for its further pages and for its citations: places, never a text. */
import { setNewest } from '../../platform/newest.ts';
import { ANSWERS_KEPT, CITATIONS_KEPT } from '../../protocol/limits.ts';
import type { AskRequest, Cited, Excerpt } from '../../protocol/local-api.ts';
import type { Hit } from '../../search/index.ts';

export interface Page {
  hits: readonly Hit[];
  /** The next hit to show. */
  at: number;
  /** More fit than are kept. */
  more: boolean;
}

/** Where an excerpt came from. */
export interface Given extends Cited {
  uid: number;
  /** Of the lines' texts when it was given. */
  digest: string;
}

export class AskedPages {
  readonly #random: (bytes: number) => Uint8Array;
  readonly #pages = new Map<string, { key: string; page: Page }>();
  readonly #given = new Map<string, Given>();

  constructor(random: (bytes: number) => Uint8Array) {
    this.#random = random;
  }

  /** A cursor for what follows. */
  keep(request: AskRequest, page: Page): string {
    const cursor = Buffer.from(this.#random(12)).toString('base64url');
    setNewest(this.#pages, cursor, { key: keyOf(request), page }, ANSWERS_KEPT);
    return cursor;
  }

  /** Null: not known any more, or of another question. */
  page(request: AskRequest): Page | null {
    const known = this.#pages.get(request.cursor ?? '');
    return known?.key === keyOf(request) ? known.page : null;
  }

  remember(excerpt: Excerpt, uid: number, digest: string): void {
    const { id, handle, session, project, source, from, to } = excerpt;
    setNewest(this.#given, id, { uid, handle, session, project, source, from, to, digest }, CITATIONS_KEPT);
  }

  given(id: string): Given | null {
    return this.#given.get(id.trim().toLowerCase()) ?? null;
  }
}

function keyOf({ handles, question, session, mode, as }: AskRequest): string {
  return JSON.stringify([handles, question, session, mode, as]);
}
