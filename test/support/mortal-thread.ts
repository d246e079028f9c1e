/**
 * The built redaction thread with a fault in front of it: a file that a {@link Redaction} runs in its place. What it has
 * answered is counted over all threads that run the file.
 */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';

/** What becomes of an answer: it goes, it is lost with its thread, the thread dies after it, or the thread hangs for good. */
export type Fate = 'answers' | 'dies before' | 'dies after' | 'hangs';

export interface MortalThread {
  file: string;
  /** The next answers, one by one; all after them have the last fate. */
  fates: (fates: Fate[]) => void;
  /** How many threads were started, and the names in the environment of each. */
  starts: () => string[][];
}

export function mortalThread(folder: string): MortalThread {
  const file = path.join(folder, 'mortal-redactor.mjs');
  const fatesFile = path.join(folder, 'fates.json');
  const startsFile = path.join(folder, 'starts');
  const fates = (list: Fate[]): void => fs.writeFileSync(fatesFile, JSON.stringify(list));
  fates(['answers']);
  fs.writeFileSync(startsFile, '');
  const names = { fatesFile, startsFile, redactor: pathToFileURL(inject('redactor')).href };
  fs.writeFileSync(
    file,
    `import fs from 'node:fs';
import { parentPort } from 'node:worker_threads';
const { fatesFile, startsFile, redactor } = ${JSON.stringify(names)};
fs.appendFileSync(startsFile, JSON.stringify(Object.keys(process.env)) + '\\n');
const answer = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (message, handOver) => {
  const fates = JSON.parse(fs.readFileSync(fatesFile, 'utf8'));
  const fate = fates.length > 1 ? fates.shift() : fates[0];
  fs.writeFileSync(fatesFile, JSON.stringify(fates));
  if (fate === 'hangs') for (;;);
  if (fate !== 'dies before') answer(message, handOver);
  if (fate !== 'answers') throw new Error('a secret, perhaps');
};
await import(redactor);
`,
  );
  const starts = (): string[][] =>
    fs
      .readFileSync(startsFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string[]);
  return { file, fates, starts };
}
