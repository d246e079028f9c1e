/** What a model wrote from excerpts: its words are as untrusted as theirs, and each mark leads to the lines it was checked against. */
import type { JSX } from 'preact';
import { count } from '../../platform/count-words.ts';
import { hashOf } from '../model/place.ts';
import { Said } from '../parts/words.tsx';
import { Masked } from './long-text.tsx';
import type { Source, Written } from './written.ts';

export function WrittenView({ written }: { written: Written }): JSX.Element {
  const { model, pieces, sources, struck, fallback, isDone } = written;
  return (
    <div class="written">
      {model === null ? null : (
        <p class="quiet">
          <Said text={`${model.name} writes from these excerpts, by your key at ${model.base}.`} />
        </p>
      )}
      {fallback === null ? (
        <pre class="said" aria-live="polite" aria-busy={!isDone}>
          {pieces.map((piece, i) =>
            piece.is === 'text' ? (
              <Masked key={i} text={piece.text} />
            ) : (
              <Mark key={i} mark={piece.mark} source={sources.find(({ mark }) => mark === piece.mark)} />
            ),
          )}
        </pre>
      ) : (
        <p class="banner waits" role="alert">
          No whole answer of a model: <Said text={fallback} />. The excerpts below are what there is.
        </p>
      )}
      {struck > 0 ? (
        <p class="banner waits">{count(struck, 'citation')} struck: the lines do not say it, or may not be read.</p>
      ) : null}
      {isDone && fallback === null ? (
        <>
          <ol class="sources">
            {sources.map((source) => (
              <li key={source.mark}>
                [{source.mark}]{' '}
                <a href={hashOf({ view: 'theirs', ...source })}>
                  <Said text={source.citation} />
                </a>
              </li>
            ))}
          </ol>
          <p class="quiet">A model wrote this from excerpts of your teammates’ sessions. Check what matters.</p>
        </>
      ) : null}
    </div>
  );
}

function Mark({ mark, source }: { mark: number; source: Source | undefined }): JSX.Element {
  const words = `[${mark}]`;
  return source === undefined ? <span>{words}</span> : <a href={hashOf({ view: 'theirs', ...source })}>{words}</a>;
}
