/** Everybody of the workspace, with what is known of each. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { count, thousands } from '../../platform/count-words.ts';
import type { Teammate } from '../../protocol/local-api.ts';
import { minute } from '../model/clock.ts';
import { alarmWords, freshnessWords, relationWords, staleWords } from '../model/people.ts';
import { DeviceAlarm, ShareWith } from './person-acts.tsx';
import { PersonRow } from './person-row.tsx';
import { Section, Waiting } from './section.tsx';
import { useLink } from './use-link.ts';
import { Command, Empty, Said } from './words.tsx';

/** Before somebody asks for all. */
const ROWS_SHOWN = 30;

export function Members(): JSX.Element {
  const teammates = useLink().parts.teammates.value;
  const [typed, setTyped] = useState('');
  const [all, setAll] = useState(false);
  if (teammates === null) {
    return (
      <Section title="Everybody in the workspace">
        <Waiting what="who is in it" />
      </Section>
    );
  }
  const { org, members, listedAt, freshness } = teammates;
  const found = members.filter(({ handle }) => handle.includes(typed.trim().replace(/^@/, '').toLowerCase()));
  const shown = all || typed !== '' ? found : found.slice(0, ROWS_SHOWN);
  const stale = freshnessWords(freshness, minute.value);
  return (
    <Section title={`Everybody in ${org}`} count={members.length}>
      {listedAt === null ? (
        <p class="banner waits">GitHub has not listed the members yet; these are known from before.</p>
      ) : null}
      {members.length === 0 ? (
        <Empty>
          Nobody besides you. Teammates appear here when they are members of {org} on GitHub; they type{' '}
          <Command>teammate-sync init --org {org}</Command>
        </Empty>
      ) : null}
      {members.length > ROWS_SHOWN ? (
        <label class="filter">
          Find a member
          <input type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
      ) : null}
      <ul class="rows">
        {shown.map((member) => (
          <Member key={member.uid} member={member} />
        ))}
      </ul>
      {typed !== '' && found.length === 0 ? <Empty>No member's handle holds that.</Empty> : null}
      {shown.length < found.length ? (
        <button type="button" class="act" onClick={() => setAll(true)}>
          Show all {thousands(found.length)}
        </button>
      ) : null}
      {stale === null ? null : (
        <p class="quiet">
          <Said text={stale} />
        </p>
      )}
    </Section>
  );
}

function Member({ member }: { member: Teammate }): JSX.Element {
  const { handle, relation, installed, online, shares, alarmed, compared, staleSince } = member;
  const reachable = relation === 'none' || relation === 'connected' || relation === 'declinedByMe';
  const alarm = alarmWords(alarmed);
  return (
    <PersonRow
      handle={handle}
      states={[
        relationWords(member),
        ...(online ? [{ words: 'online', tone: 'good' as const }] : []),
        ...(!online && installed === 'yes' ? [{ words: 'offline', tone: 'none' as const }] : []),
      ]}
      facts={[
        shares > 0 ? `shares ${count(shares, 'session')} with you` : null,
        compared === null ? null : 'safety number compared',
        staleWords(staleSince, minute.value),
        alarm,
      ]}
      acts={
        <>
          {alarm === null ? null : <DeviceAlarm handle={handle} />}
          {reachable ? <ShareWith handle={handle} /> : null}
        </>
      }
    />
  );
}
