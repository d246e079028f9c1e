/** The note about what owners see of reading. */
import type { JSX } from 'preact';
import { Said } from '../parts/words.tsx';
import { dismissTold, told } from './told.ts';

export function Told(): JSX.Element {
  return (
    <div role="status">
      {told.value === null ? null : (
        <p class="banner told">
          <Said text={told.value} />{' '}
          <button type="button" class="act small" onClick={dismissTold}>
            Understood
          </button>
        </p>
      )}
    </div>
  );
}
