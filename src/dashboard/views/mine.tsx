/** What leaves this machine: each shared session with its recipients, and what could be shared. */
import type { JSX } from 'preact';
import type { LiveSession } from '../../protocol/local-api.ts';
import { openDialog } from '../model/dialogs.ts';
import { place } from '../model/navigation.ts';
import { say } from '../model/notices.ts';
import { unshareWords } from '../model/sharing.ts';
import { Act } from '../parts/act.tsx';
import { Section, ViewTitle, Waiting } from '../parts/section.tsx';
import { SharedCard } from '../parts/shared-card.tsx';
import { useLink } from '../parts/use-link.ts';
import { AsTheySeeIt } from './own-session.tsx';
import { At, Command, Empty, Left, Person, Said, SessionName } from '../parts/words.tsx';

export function Mine(): JSX.Element {
  const { session } = place.value;
  return session === null ? <MineList /> : <AsTheySeeIt session={session} />;
}

function MineList(): JSX.Element {
  const shared = useLink().parts.shared.value;
  return (
    <>
      <ViewTitle>Mine: what I share</ViewTitle>
      {shared === null ? (
        <Waiting what="what you share" />
      ) : (
        <Section
          title="Shared now"
          count={shared.sessions.length}
          beside={<EndAll sessions={shared.sessions.length} />}
        >
          {shared.sessions.length === 0 ? (
            <Empty>
              You share nothing. In a Claude Code session type <Command>/share &lt;handle&gt;</Command>, or choose a
              session below.
            </Empty>
          ) : null}
          {shared.sessions.map((session) => (
            <SharedCard key={session.session} shared={session} />
          ))}
        </Section>
      )}
      <UnheardEnds />
      <LiveSessions />
    </>
  );
}

function EndAll({ sessions }: { sessions: number }): JSX.Element | null {
  const link = useLink();
  if (sessions < 2) return null;
  const act = async (): Promise<void> => {
    say(unshareWords(await link.call('unshare', { body: { session: null, cwd: '/', from: [], all: true } })));
  };
  return (
    <div class="acts">
      <span class="quiet">ends all {sessions} for everybody, at once</span>
      <Act look="danger" doing="End all shares" act={act}>
        End all shares
      </Act>
    </div>
  );
}

function UnheardEnds(): JSX.Element | null {
  const ends = useLink().parts.shared.value?.unheardEnds ?? [];
  if (ends.length === 0) return null;
  return (
    <Section title="Ended, not confirmed" count={ends.length}>
      <ul class="rows">
        {ends.map(({ session, handle, until }) => (
          <li class="row" key={`${session} ${handle}`}>
            <p>
              <Person handle={handle} /> has not confirmed the end of <SessionName project="" session={session} />, and
              may read what is on their machine until it hears of it, <Left time={until} /> at most.
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function LiveSessions(): JSX.Element {
  const all = useLink().parts.sessions.value?.sessions;
  const others = all?.filter(({ shared }) => !shared);
  return (
    <Section title="Live here, not shared" count={others?.length ?? null}>
      {others === undefined ? <Waiting what="which sessions are live" /> : null}
      {all?.length === 0 ? (
        <Empty>
          No Claude Code conversation is live on this machine. Start one with <Command>claude</Command>; it appears here
          by itself, and stays yours until you share it.
        </Empty>
      ) : null}
      {all !== undefined && all.length > 0 && others?.length === 0 ? (
        <Empty>Every live session is shared.</Empty>
      ) : null}
      <ul class="rows">
        {others?.map((session) => (
          <LiveRow key={session.session} live={session} />
        ))}
      </ul>
    </Section>
  );
}

function LiveRow({ live: { session, project, cwd, startedAt } }: { live: LiveSession }): JSX.Element {
  return (
    <li class="row">
      <p class="row-words">
        <SessionName project={project} session={session} />{' '}
        <span class="quiet">
          <Said text={cwd} />, since <At time={startedAt} />
        </span>
      </p>
      <div class="acts">
        <button
          type="button"
          class="act"
          aria-label={`Share… ${project} ${session.slice(0, 8)}`}
          onClick={() => openDialog({ is: 'share', session, handle: null })}
        >
          Share…
        </button>
      </div>
    </li>
  );
}
