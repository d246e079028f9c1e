/** Reading a shared session as `show -f` does. */
import type { Client } from '../../../src/client/index.ts';
import type { Arrivals } from './arrivals.ts';

/** Notes every text that arrives from now on, and resolves when all so far was read. @throws Error when it ends before */
export function followProduct(client: Client, handle: string, session: string, arrivals: Arrivals): Promise<void> {
  return new Promise((resolve, reject) => {
    const readOn = async (): Promise<void> => {
      for await (const event of client.read(handle, { session, from: null, to: null, follow: true })) {
        if (event.type === 'caughtUp') resolve();
        if (event.type !== 'turn') continue;
        for (const part of event.turn.content) if (part.type === 'text') arrivals.note(part.text);
      }
      throw new Error('the shared session ended');
    };
    readOn().catch((error: Error) => {
      arrivals.fail(error);
      reject(error);
    });
  });
}
