/** A set-up with nobody to ask: it goes on, and no code is typed anywhere. */
import type { SetupOptions } from '../../src/daemon/index.ts';

export const unattended: Pick<SetupOptions, 'onStep' | 'person' | 'choose' | 'mayGo' | 'signal'> = {
  onStep: () => {},
  person: null,
  choose: async ({ preset }) => preset,
  mayGo: async () => true,
  signal: new AbortController().signal,
};
