/** The texts of one session, from the daemon: those turns that are asked for, and no others. */
import type { Link } from '../link/index.ts';
import { Texts } from './texts.ts';
import { tellOnce } from './told.ts';

export interface ReadingRequest {
  handle: string;
  session: string;
  /** Of one's own: the recipient as whom it is looked at. */
  as?: string | undefined;
}

/** Of a page of texts: a few screens of a conversation. */
const PAGE_BYTES = 128 * 1024;

/** @param onChange as of {@link Texts} */
export function sessionTexts(link: Link, { handle, session, as }: ReadingRequest, onChange: () => void): Texts {
  const whole = { handle, session: null, from: null, to: null, budget: PAGE_BYTES, newest: false, as };
  return new Texts({
    fetch: async (cursor, slice, signal) => {
      const page = await link.call('dump', { body: { ...whole, cursor, slice } }, signal);
      tellOnce(page.told);
      if (page.session !== session) throw new Error('another session came than was asked for');
      return page;
    },
    onChange,
    now: () => performance.now(),
  });
}
