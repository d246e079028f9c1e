/** A session of mine as its recipients see it: all that is shared, or what one of them has of it. */
import type { JSX } from 'preact';
import type { SharedRecipient, SharedSession } from '../../protocol/local-api.ts';
import { place } from '../model/navigation.ts';
import { hashOf } from '../model/place.ts';
import { SubTitle, Waiting } from '../parts/section.tsx';
import { useLink } from '../parts/use-link.ts';
import { Person, SessionName } from '../parts/words.tsx';
import { SessionViewer } from '../viewer/index.ts';

export function AsTheySeeIt({ session }: { session: string }): JSX.Element {
  const link = useLink();
  const { shared, status } = link.parts;
  const me = status.value?.me;
  const about = shared.value?.sessions.find((one) => one.session === session) ?? null;
  const { line, source, as } = place.value;
  return (
    <>
      <SubTitle back="Mine">As they see it</SubTitle>
      {about === null ? null : <Eyes about={about} as={as} />}
      {me && shared.value !== null ? (
        <SessionViewer
          link={link}
          handle={me.handle}
          session={session}
          line={line}
          source={source}
          own
          as={as ?? undefined}
        />
      ) : (
        <Waiting what="what you share" />
      )}
    </>
  );
}

/** Whose view it is, and how to change that. */
function Eyes({ about, as }: { about: SharedSession; as: string | null }): JSX.Element {
  const { session, project, recipients } = about;
  return (
    <>
      <p class="quiet">
        <SessionName project={project} session={session} />,{' '}
        {as === null ? (
          'all that is shared of it, with what was masked marked. Looking at it here leaves no trace.'
        ) : (
          <>
            exactly what <Person handle={as} /> gets, with what was masked marked. Looking at it here leaves no trace.
          </>
        )}
      </p>
      {recipients.length < 2 && as !== null ? null : (
        <nav class="eyes" aria-label="Seen as">
          <ul>
            <Choice to={hashOf({ view: 'mine', session })} isNow={as === null}>
              all that is shared
            </Choice>
            {recipients.map((recipient) => (
              <Choice
                key={recipient.handle}
                to={hashOf({ view: 'mine', session, as: recipient.handle })}
                isNow={recipient.handle === as}
              >
                <Person handle={recipient.handle} />
                {beginsLater(about, recipient) ? ', from a later line on' : null}
              </Choice>
            ))}
          </ul>
        </nav>
      )}
    </>
  );
}

interface ChoiceProps {
  to: string;
  isNow: boolean;
  children: JSX.Element | string | (JSX.Element | string | null)[];
}

function Choice({ to, isNow, children }: ChoiceProps): JSX.Element {
  return (
    <li>
      <a href={to} aria-current={isNow ? 'true' : undefined}>
        {children}
      </a>
    </li>
  );
}

/** They were shared with from then on: what came before is not theirs. */
function beginsLater({ turns }: SharedSession, { of }: SharedRecipient): boolean {
  return of < turns;
}
