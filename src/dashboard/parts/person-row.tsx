/** One person in a list: who, what is known, and what can be done. */
import type { ComponentChildren, JSX } from 'preact';
import { Badge, type BadgeTone, Person } from './words.tsx';

interface PersonRowProps {
  handle: string;
  uid?: number;
  states: readonly { words: string; tone: BadgeTone }[];
  /** Facts beside the states; null ones are left out. */
  facts?: readonly (string | null)[];
  children?: ComponentChildren;
  acts?: ComponentChildren;
}

export function PersonRow({ handle, uid, states, facts = [], children, acts }: PersonRowProps): JSX.Element {
  return (
    <li class="row">
      <div class="row-words">
        <p>
          <Person handle={handle} />{' '}
          {states.map(({ words, tone }) => (
            <Badge key={words} tone={tone}>
              {words}
            </Badge>
          ))}
        </p>
        <p class="facts">
          {uid === undefined ? null : <span>account {uid}</span>}
          {facts.map((fact) => (fact === null ? null : <span key={fact}>{fact}</span>))}
        </p>
        {children}
      </div>
      {acts === undefined ? null : <div class="acts">{acts}</div>}
    </li>
  );
}
