/** Who may be shared with: connections, invites in both directions, and everybody of the workspace. */
import type { JSX } from 'preact';
import { day } from '../../platform/time-words.ts';
import type { ConnectionPerson, Connections } from '../../protocol/local-api.ts';
import { minute } from '../model/clock.ts';
import { alarmWords, freshnessWords, staleWords } from '../model/people.ts';
import { Members } from '../parts/members.tsx';
import {
  Accept,
  AliasOf,
  Block,
  CONSEQUENCES,
  DeviceAlarm,
  Disconnect,
  SafetyNumber,
  ShareWith,
  Unblock,
  Withdraw,
} from '../parts/person-acts.tsx';
import { PersonRow } from '../parts/person-row.tsx';
import { Section, ViewTitle, Waiting } from '../parts/section.tsx';
import { useLink, useOwnHandle } from '../parts/use-link.ts';
import { Command, Empty, Left, Said } from '../parts/words.tsx';

export function People(): JSX.Element {
  const connections = useLink().parts.connections.value;
  const stale = connections === null ? null : freshnessWords(connections.freshness, minute.value);
  return (
    <>
      <ViewTitle>People</ViewTitle>
      {connections === null ? (
        <Waiting what="whom you know" />
      ) : (
        <>
          <Connected people={connections.accepted} />
          <Sent people={connections.pendingOut} />
          <Declined people={connections.declined} />
          <Blocked people={connections.blocked} />
          {stale === null ? null : (
            <p class="quiet">
              <Said text={stale} />
            </p>
          )}
        </>
      )}
      <Members />
    </>
  );
}

function Connected({ people }: { people: ConnectionPerson[] }): JSX.Element {
  return (
    <Section title="Connected" count={people.length}>
      {people.length === 0 ? (
        <Empty>
          Nobody yet. Invite somebody with <Command>teammate-sync share &lt;handle&gt;</Command>, or from the list
          below; what you share flows when they accept.
        </Empty>
      ) : (
        <p class="consequence">
          Disconnect: {CONSEQUENCES.disconnect}. Block: {CONSEQUENCES.block}.
        </p>
      )}
      <ul class="rows">
        {people.map((person) => (
          <ConnectedRow key={person.uid} person={person} />
        ))}
      </ul>
    </Section>
  );
}

function ConnectedRow({ person }: { person: ConnectionPerson }): JSX.Element {
  const { handle, uid, since, online, compared, staleSince, alias = null } = person;
  const members = useLink().parts.teammates.value?.members ?? [];
  const alarm = alarmWords(members.find((member) => member.uid === uid)?.alarmed ?? 0);
  return (
    <PersonRow
      handle={handle}
      uid={uid}
      states={[online ? { words: 'online', tone: 'good' } : { words: 'offline', tone: 'none' }]}
      facts={[
        alias === null ? null : `alias ${alias}`,
        `since ${day(since)}`,
        compared === null ? 'safety number not compared' : `safety number compared ${day(compared)}`,
        staleWords(staleSince, minute.value),
      ]}
      acts={
        <>
          <ShareWith handle={handle} />
          <SafetyNumber handle={handle} />
          <AliasOf handle={handle} alias={alias} />
          <Disconnect handle={handle} />
          <Block handle={handle} />
        </>
      }
    >
      {alarm === null ? null : (
        <p class="banner bad">
          {alarm} <DeviceAlarm handle={handle} />
        </p>
      )}
    </PersonRow>
  );
}

function Sent({ people }: { people: ConnectionPerson[] }): JSX.Element | null {
  const me = useOwnHandle();
  if (people.length === 0) return null;
  return (
    <Section title="Invited by you, not answered" count={people.length}>
      <p class="consequence">Cancel: {CONSEQUENCES.withdraw}.</p>
      <ul class="rows">
        {people.map(({ handle, uid, project, until }) => (
          <PersonRow
            key={uid}
            handle={handle}
            uid={uid}
            states={[{ words: 'invited', tone: 'waits' }]}
            facts={[project === null ? null : `about ${project}`]}
            acts={<Withdraw handle={handle} />}
          >
            {until === null ? null : (
              <p class="quiet">
                open for <Left time={until} />; it flows when they type <Command>teammate-sync accept {me}</Command>
              </p>
            )}
          </PersonRow>
        ))}
      </ul>
    </Section>
  );
}

function Declined({ people }: { people: Connections['declined'] }): JSX.Element | null {
  if (people.length === 0) return null;
  return (
    <Section title="Declined" count={people.length}>
      <ul class="rows">
        {people.map(({ handle, uid, by, since }) => (
          <PersonRow
            key={uid}
            handle={handle}
            uid={uid}
            states={[{ words: by === 'me' ? 'declined by you' : 'declined by them', tone: 'none' }]}
            facts={[`on ${day(since)}`, by === 'me' ? null : 'they can still accept']}
            acts={
              <>
                {by === 'me' ? <Accept handle={handle} /> : null}
                <Block handle={handle} />
              </>
            }
          />
        ))}
      </ul>
    </Section>
  );
}

function Blocked({ people }: { people: Connections['blocked'] }): JSX.Element | null {
  if (people.length === 0) return null;
  return (
    <Section title="Blocked" count={people.length}>
      <p class="consequence">Unblock: {CONSEQUENCES.unblock}.</p>
      <ul class="rows">
        {people.map(({ handle, since }) => (
          <PersonRow
            key={handle}
            handle={handle}
            states={[{ words: 'blocked', tone: 'bad' }]}
            facts={[`since ${day(since)}`]}
            acts={<Unblock handle={handle} />}
          />
        ))}
      </ul>
    </Section>
  );
}
