/** Looks at everything on demand, and says what mends it: the same as `teammate-sync doctor`. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Check } from '../../protocol/doctor.ts';
import { checkWords, type Findings, findingsAfter, NOTHING_FOUND, sumWords } from '../model/doctor.ts';
import { Act } from './act.tsx';
import { Section } from './section.tsx';
import { useLink } from './use-link.ts';
import { Badge, Command, Said } from './words.tsx';

export function Doctor(): JSX.Element {
  const link = useLink();
  const [findings, setFindings] = useState<Findings | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const look = async (): Promise<void> => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    let found = NOTHING_FOUND;
    setFindings(found);
    for await (const event of link.stream('doctor', {}, stop.signal)) {
      found = findingsAfter(found, event);
      setFindings(found);
    }
    if (!found.isDone && !stop.signal.aborted) throw new Error('the doctor was cut off: not everything was looked at');
  };
  return (
    <Section
      title="Doctor"
      beside={
        <Act doing="Look at everything" act={look}>
          Look at everything
        </Act>
      }
    >
      <p class="quiet" role="status">
        {findings === null ? (
          <>
            Finds what is wrong and says what mends it, as <Command>teammate-sync doctor</Command>; changes nothing.
          </>
        ) : (
          sumWords(findings)
        )}
      </p>
      <ul class="rows">
        {findings?.checks.map((check, i) => (
          <CheckRow key={i} check={check} />
        ))}
      </ul>
    </Section>
  );
}

function CheckRow({ check }: { check: Check }): JSX.Element {
  const { words, tone } = checkWords(check);
  return (
    <li class="row">
      <p class="row-words">
        <Badge tone={tone}>{words}</Badge> <strong>{check.id}</strong> <Said text={check.what} />
        {check.fix === null ? null : (
          <span class="hint">
            → <Said text={check.fix} />
          </span>
        )}
      </p>
    </li>
  );
}
