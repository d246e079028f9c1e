/** Who read what of mine, and which shares began and ended. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ActivityEntry, HistoryEvent } from '../../protocol/local-api.ts';
import { MAIN_SOURCE } from '../../protocol/turn.ts';
import { historyWords } from '../model/history.ts';
import { hashOf } from '../model/place.ts';
import { newestRanges, type Reader, rangeText, readers, sourceText } from '../model/reads.ts';
import { Section, ViewTitle, Waiting } from '../parts/section.tsx';
import { useLink } from '../parts/use-link.ts';
import { At, Badge, Command, Empty, Person, Said, SessionName } from '../parts/words.tsx';

export function Activity(): JSX.Element {
  const activity = useLink().parts.activity.value;
  return (
    <>
      <ViewTitle>Activity</ViewTitle>
      {activity === null ? (
        <Waiting what="what was read" />
      ) : (
        <>
          <Reads entries={activity.entries} />
          <History events={activity.history} />
        </>
      )}
    </>
  );
}

function Reads({ entries }: { entries: ActivityEntry[] }): JSX.Element {
  const all = readers(entries);
  return (
    <Section title="Read by others" count={all.length}>
      {all.length === 0 ? (
        <Empty>
          Nobody has read what you share, as far as their machines told. Share with{' '}
          <Command>teammate-sync share &lt;handle&gt;</Command>
        </Empty>
      ) : (
        <p class="quiet">As their machines told it. What they asked is never told.</p>
      )}
      <ul class="rows">
        {all.map((reader) => (
          <ReaderRow key={`${reader.handle} ${reader.session}`} reader={reader} />
        ))}
      </ul>
    </Section>
  );
}

/** Before somebody asks for all. */
const EVENTS_SHOWN = 50;

function History({ events }: { events: HistoryEvent[] }): JSX.Element {
  const [all, setAll] = useState(false);
  const shown = all ? events : events.slice(0, EVENTS_SHOWN);
  return (
    <Section title="Shares begun and ended" count={events.length}>
      {events.length === 0 ? <Empty>No share began or ended, as far back as this machine remembers.</Empty> : null}
      <ul class="rows">
        {shown.map((event) => (
          <li class="row" key={`${event.at} ${event.handle} ${event.session} ${event.what}`}>
            <p class="row-words">
              <span class="quiet">
                <At time={event.at} />
              </span>{' '}
              <SessionName project={event.project} session={event.session} /> <Said text={historyWords(event)} />{' '}
              <Person handle={event.handle} />
            </p>
          </li>
        ))}
      </ul>
      {shown.length < events.length ? (
        <button type="button" class="act" onClick={() => setAll(true)}>
          Show all {events.length}
        </button>
      ) : null}
    </Section>
  );
}

function ReaderRow({ reader: { handle, session, project, shared, last, reads } }: { reader: Reader }): JSX.Element {
  return (
    <li class="row">
      <div class="row-words">
        <h3>
          <Person handle={handle} /> read <SessionName project={project} session={session} />{' '}
          {shared ? null : <Badge tone="none">ended</Badge>}{' '}
          <span class="quiet">
            last <At time={last} />
          </span>
        </h3>
        <ul class="reads">
          {reads.map((read) => (
            <li key={`${read.device} ${read.with} ${read.source}`}>
              <ReadLines read={read} />
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}

function ReadLines({ read }: { read: ActivityEntry }): JSX.Element {
  const { session, source, shared, last, device } = read;
  const { shown, before } = newestRanges(read);
  const of = source === MAIN_SOURCE ? null : source;
  return (
    <>
      <Said text={sourceText(source)} />
      lines {before > 0 ? `${before} earlier parts, ` : ''}
      {shown.map((range, i) => (
        <span key={range.from}>
          {i === 0 ? '' : ', '}
          {shared ? (
            <a href={hashOf({ view: 'mine', session, line: range.from, source: of })}>{rangeText(range)}</a>
          ) : (
            rangeText(range)
          )}
        </span>
      ))}{' '}
      <span class="quiet">
        with <Said text={read.with} />, on <code class="id">{device}</code>, <At time={last} />
      </span>
    </>
  );
}
