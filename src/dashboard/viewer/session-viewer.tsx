/** One session, as its recipients see it. */
import type { JSX } from 'preact';
import type { Link } from '../link/index.ts';

interface SessionViewerProps {
  link: Link;
  handle: string;
  session: string;
  /** To go to; null: the newest. */
  line?: number | null;
  source?: string | null;
  /** It is mine. */
  own?: boolean;
}

export function SessionViewer({ handle, session }: SessionViewerProps): JSX.Element {
  return (
    <p>
      {handle} {session}
    </p>
  );
}
