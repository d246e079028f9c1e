/** The link to the daemon, for every part of the page. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Link } from '../link/index.ts';

export const LinkContext = createContext<Link | null>(null);

/** @throws Error outside of the page */
export function useLink(): Link {
  const link = useContext(LinkContext);
  if (link === null) throw new Error('no link around this part');
  return link;
}
