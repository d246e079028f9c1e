/** One shared session: its facts, who has it, and the ways to end that. */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { readWords, recipientWords } from '../../platform/sharing-words.ts';
import { shortId } from '../../protocol/ids.ts';
import type { SharedRecipient, SharedSession } from '../../protocol/local-api.ts';
import { minute } from '../model/clock.ts';
import { openDialog } from '../model/dialogs.ts';
import { say } from '../model/notices.ts';
import { hashOf } from '../model/place.ts';
import { endConsequence, revokeConsequence, sessionFacts, unshareWords } from '../model/sharing.ts';
import { Act } from './act.tsx';
import { useLink } from './use-link.ts';
import { Badge, Left, Person, Said } from './words.tsx';

export function SharedCard({ shared }: { shared: SharedSession }): JSX.Element {
  const { session, project, title, cwd, live, recipients } = shared;
  const id = useId();
  const name = `${project} (${shortId(session)})`;
  return (
    <article class="card" aria-labelledby={id} data-focus-home tabIndex={-1}>
      <div class="card-head">
        <h3 id={id}>
          <Said text={project} /> <code class="id">{shortId(session)}</code>
        </h3>
        <Badge tone={live ? 'good' : 'waits'}>{live ? 'live' : 'not live'}</Badge>
      </div>
      {title === null ? null : (
        <p class="title">
          <Said text={title} />
        </p>
      )}
      <p class="facts">
        {sessionFacts(shared, minute.value).map((fact) => (
          <span key={fact}>
            <Said text={fact} />
          </span>
        ))}
        <span class="path">
          <Said text={cwd} />
        </span>
      </p>
      <ul class="chips" aria-label={`Who has ${name}`}>
        {recipients.map((recipient) => (
          <Chip key={recipient.handle} name={name} session={session} recipient={recipient} />
        ))}
      </ul>
      <div class="acts">
        <a
          class="act"
          href={hashOf({ view: 'mine', session, as: onlyOne(recipients) })}
          aria-label={`As they see it: ${name}`}
        >
          As they see it
        </a>
        <button
          type="button"
          class="act"
          aria-label={`Share with more… ${name}`}
          onClick={() => openDialog({ is: 'share', session, handle: null })}
        >
          Share with more…
        </button>
        <EndShare name={name} shared={shared} />
      </div>
    </article>
  );
}

/** Whose eyes it is looked at with when there is no choice. */
function onlyOne(recipients: readonly SharedRecipient[]): string | null {
  const [only, ...others] = recipients;
  return only !== undefined && others.length === 0 ? only.handle : null;
}

interface ChipProps {
  name: string;
  session: string;
  recipient: SharedRecipient;
}

function Chip({ name, session, recipient }: ChipProps): JSX.Element {
  const link = useLink();
  const { handle, leaseUntil } = recipient;
  const { state, tone, has } = recipientWords(recipient, minute.value);
  const read = readWords(recipient, minute.value);
  const away = recipient.state === 'offline';
  const revoke = async (): Promise<void> => {
    say(unshareWords(await link.call('unshare', { body: { session, cwd: '/', from: [handle], all: false } })));
  };
  return (
    <li class={`chip ${tone}`}>
      <div class="chip-words">
        <Person handle={handle} /> <Badge tone={tone}>{state}</Badge> <span>{has}</span>
        {leaseUntil === null ? null : (
          <span class="quiet">
            {away ? 'keeps it for ' : 'lease '}
            <Left time={leaseUntil} />
          </span>
        )}
        {read === null ? null : <span class="quiet">{read}</span>}
        <span class="consequence">Revoke: {revokeConsequence(recipient, minute.value)}.</span>
      </div>
      <Act look="sign" doing={`Revoke ${name} from @${handle}`} act={revoke}>
        ×
      </Act>
    </li>
  );
}

function EndShare({ name, shared }: { name: string; shared: SharedSession }): JSX.Element {
  const link = useLink();
  const { session } = shared;
  const end = async (): Promise<void> => {
    say(unshareWords(await link.call('unshare', { body: { session, cwd: '/', from: [], all: false } })));
  };
  return (
    <>
      <Act look="danger" doing={`End this share: ${name}`} act={end}>
        End this share
      </Act>
      <span class="consequence">{endConsequence(shared, minute.value)}</span>
    </>
  );
}
