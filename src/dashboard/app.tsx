/** The page: what is on it, and which of its views is shown. */
import type { JSX } from 'preact';

export function App(): JSX.Element {
  return <h1>teammate-sync</h1>;
}
