/** Invites that wait for an answer: on top of every view until they have one. */
import type { JSX } from 'preact';
import type { ConnectionPerson } from '../../protocol/local-api.ts';
import { Accept, Block, CONSEQUENCES, Decline } from './person-acts.tsx';
import { Section } from './section.tsx';
import { useLink } from './use-link.ts';
import { Left, Person, Said } from './words.tsx';

export function Invites(): JSX.Element | null {
  const waiting = useLink().parts.connections.value?.pendingIn ?? [];
  if (waiting.length === 0) return null;
  return (
    <div class="invites">
      <Section title="Invites for you" count={waiting.length}>
        <ul class="rows">
          {waiting.map((person) => (
            <Invite key={person.uid} person={person} />
          ))}
        </ul>
      </Section>
    </div>
  );
}

function Invite({ person: { handle, uid, note, project, until } }: { person: ConnectionPerson }): JSX.Element {
  return (
    <li class="row">
      <div class="row-words">
        <p>
          <Person handle={handle} /> (account {uid}) invites you
          {project === null ? null : (
            <>
              {' '}
              to read along in <Said text={project} />
            </>
          )}
          {until === null ? null : (
            <span class="quiet">
              , open for <Left time={until} />
            </span>
          )}
        </p>
        {note === null || note === '' ? null : (
          <blockquote>
            <Said text={note} />
          </blockquote>
        )}
        <p class="quiet">
          Accepting connects you: what they share with you comes to this machine. Nothing of yours is shared by it.
          Decline: {CONSEQUENCES.decline}. Block: {CONSEQUENCES.block}.
        </p>
      </div>
      <div class="acts">
        <Accept handle={handle} main />
        <Decline handle={handle} />
        <Block handle={handle} />
      </div>
    </li>
  );
}
