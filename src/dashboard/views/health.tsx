/** Whether everything works, and what to do where it does not. */
import type { JSX } from 'preact';
import { ago } from '../../platform/time-span.ts';
import type { ErrorNote, Status } from '../../protocol/local-api.ts';
import { minute } from '../model/clock.ts';
import { type HealthFact, healthFacts } from '../model/health.ts';
import { Doctor } from '../parts/doctor.tsx';
import { Section, ViewTitle, Waiting } from '../parts/section.tsx';
import { useLink } from '../parts/use-link.ts';
import { Badge, Empty, Said } from '../parts/words.tsx';

export function Health(): JSX.Element {
  const status = useLink().parts.status.value;
  return (
    <>
      <ViewTitle>Health</ViewTitle>
      {status === null ? (
        <Waiting what="how it is" />
      ) : (
        <>
          <Facts status={status} />
          <Doctor />
          <Errors errors={status.errors} />
        </>
      )}
    </>
  );
}

function Facts({ status }: { status: Status }): JSX.Element {
  const { me, home } = status;
  return (
    <Section title="Now">
      <dl class="health">
        {healthFacts(status, minute.value).map((fact) => (
          <Fact key={fact.name} fact={fact} />
        ))}
        {me === null ? null : (
          <div>
            <dt>You</dt>
            <dd>
              <Said text={`@${me.handle}`} /> in <Said text={me.org} />, device <code class="id">{me.device}</code>, its
              code <code class="id">{me.code}</code>
            </dd>
          </div>
        )}
        <div>
          <dt>Home</dt>
          <dd>
            <Said text={home} />
          </dd>
        </div>
      </dl>
    </Section>
  );
}

function Fact({ fact: { name, state, what, advice } }: { fact: HealthFact }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {state === null ? null : <Badge tone={state.tone}>{state.words}</Badge>} <Said text={what} />
        {advice === null ? null : (
          <span class="hint">
            → <Said text={advice} />
          </span>
        )}
      </dd>
    </div>
  );
}

function Errors({ errors }: { errors: ErrorNote[] }): JSX.Element {
  return (
    <Section title="Errors since the daemon started" count={errors.length}>
      {errors.length === 0 ? <Empty>None.</Empty> : null}
      <ul class="rows">
        {errors.toReversed().map(({ code, message, hint, at }) => (
          <li class="row" key={`${code} ${message}`}>
            <p class="row-words">
              <code class="id">{code}</code> <span class="quiet">{ago(at, minute.value)}</span>
              <br />
              <Said text={message} />
              {hint === '' ? null : (
                <span class="hint">
                  → <Said text={hint} />
                </span>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
