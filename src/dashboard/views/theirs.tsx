/** What teammates share with me. */
import type { JSX } from 'preact';
import type { Link } from '../link/index.ts';
import { ViewTitle } from '../parts/section.tsx';

export function Theirs({ link }: { link: Link }): JSX.Element {
  return <ViewTitle>Theirs: {link.parts.inbox.value?.people.length ?? 0}</ViewTitle>;
}
