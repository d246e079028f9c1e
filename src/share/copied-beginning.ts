/**
 * A copy of a conversation has no transcript until something happens in it (`claude --resume … --fork-session`); then all
 * that was said in the original is written at once. Who was given the copy from now on, before that, must get none of it.
 */
import type { Entry, Redacted } from '../redact/index.ts';
import type { Chain } from './chain.ts';
import { FROM_NEXT, type StoredRecipient } from './store.ts';

/**
 * Appends what a transcript begins with. What is older than a share from now on goes into a generation that those people
 * do not get.
 * @param beginForNext opens a generation for those who wait for the next one
 */
export async function appendBeginning(
  entries: Redacted<Entry>[],
  recipients: readonly StoredRecipient[],
  chain: Pick<Chain, 'append' | 'begin' | 'checkpoint'>,
  beginForNext: () => Promise<void>,
): Promise<void> {
  const readers = recipients.filter((r) => r.fromGen > 0 && r.fromGen !== FROM_NEXT);
  const since = Math.max(0, ...readers.map((r) => r.since));
  const isOld = ({ time }: Entry): boolean => Date.parse(time) < since;
  // A title has no time: it goes with what came before.
  const end = entries.some(isOld) ? entries.findLastIndex((e) => e.kind === 'title' || isOld(e)) + 1 : 0;
  if (end > 0) {
    for (const reader of readers) reader.fromGen = FROM_NEXT;
    chain.checkpoint();
    await chain.begin('continue');
    await chain.append(entries.slice(0, end));
    await beginForNext();
  }
  if (end < entries.length) await chain.append(entries.slice(end));
}
