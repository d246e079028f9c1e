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

/** One's own, for commands that teammates are to type. */
export function useOwnHandle(): string {
  return useLink().parts.status.value?.me?.handle ?? '<your handle>';
}
