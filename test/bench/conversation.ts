/**
 * Long transcripts in the real format, for back-fill: prompts, thinking, replies, tool calls whose results stand in the
 * line twice (once for the model, once in `toolUseResult`), and the records around it that never leave the machine, in
 * about the proportions of real ones: some 2.4 KB a line, a few percent of it conversation. The same seed, the same text.
 */
import fs from 'node:fs';
import type { TranscriptWriter } from '../support/transcript.ts';
import { randomNumbers } from './random.ts';

export interface Written {
  bytes: number;
  lines: number;
}

/** Found in the text of the last turn. */
export const NEWEST_MARK = 'This is the newest turn of the transcript.';

const FLUSH_LINES = 50;
export const WORDS: readonly string[] = (
  'the a to of in is that for on with this request session cookie header proxy server client handler index query ' +
  'table column migration worker queue retry timeout socket stream buffer cache token parser module function test ' +
  'fails passes returns throws expects reads writes opens closes because when after before without should would now'
).split(' ');
export const NAMES: readonly string[] =
  'session login proxy index queue worker parser cache router store client handler'.split(' ');

/** Called between two exchanges: how much of the transcript is written (0 to 1), and what to write more text with. */
export type Plant = (part: number, text: TextSource) => void;

/** Writes to the end of `file` until it holds about `targetBytes`. The writer is left with its last lines only. */
export function writeConversation(
  writer: TranscriptWriter,
  file: string,
  targetBytes: number,
  { seed = 1, plant = () => {} }: { seed?: number; plant?: Plant } = {},
): Written {
  const random = randomNumbers(seed);
  const text = textSource(random);
  const fd = fs.openSync(file, 'a');
  const written: Written = { bytes: 0, lines: 0 };
  const flush = (): void => {
    const bytes = Buffer.from(writer.text);
    fs.writeSync(fd, bytes);
    written.bytes += bytes.length;
    written.lines += writer.lines.length;
    writer.lines.length = 0;
  };
  try {
    for (let prompts = 0; written.bytes < targetBytes; prompts++) {
      if (prompts % 40 === 0) writer.noise(text.prose(2500));
      exchange(writer, text, random);
      plant(written.bytes / targetBytes, text);
      if (writer.lines.length >= FLUSH_LINES) flush();
    }
    writer.reply(`${NEWEST_MARK} ${text.prose(200)}`);
    flush();
  } finally {
    fs.closeSync(fd);
  }
  return written;
}

/** A prompt and what Claude does about it. */
function exchange(writer: TranscriptWriter, text: TextSource, random: () => number): void {
  const between = (low: number, high: number): number => Math.floor(low + (high - low) * random());
  writer.prompt(text.prose(between(60, 400)));
  writer.thinking(text.prose(between(300, 1200)));
  writer.reply(text.prose(between(120, 500)));
  for (let calls = between(3, 9); calls > 0; calls--) {
    const id = `toolu_${text.hex(24)}`;
    const file = text.path();
    const kind = random();
    if (kind < 0.4) {
      const output = text.log(between(100, 3000));
      writer.tool(id, 'Bash', { command: `npm test -- ${file}`, description: text.prose(40) }, output);
    } else if (kind < 0.7) {
      const content = text.code(between(500, 7000));
      const numbered = content.split('\n').map((line, i) => `${String(i + 1).padStart(6)}\t${line}`);
      const toolUseResult = {
        type: 'text',
        file: { filePath: file, content, numLines: numbered.length, startLine: 1 },
      };
      writer.toolUse(id, 'Read', { file_path: file }).toolResult(id, numbered.join('\n'), { toolUseResult });
    } else {
      const [before, after] = [text.code(between(80, 600)), text.code(between(80, 600))];
      const structuredPatch = [{ oldStart: 1, oldLines: 4, newStart: 1, newLines: 4, lines: after.split('\n') }];
      const toolUseResult = { filePath: file, originalFile: text.code(between(1000, 6000)), structuredPatch };
      writer.toolUse(id, 'Edit', { file_path: file, old_string: before, new_string: after });
      writer.toolResult(id, `The file ${file} has been updated.\n${text.code(300)}`, { toolUseResult });
    }
  }
  writer.reply(text.prose(between(150, 900)));
  writer.record({ type: 'system', subtype: 'turn_duration', durationMs: between(1000, 90_000), isMeta: false });
  writer.raw({ type: 'file-history-snapshot', messageId: text.hex(32), snapshot: { trackedFileBackups: {} } });
}

export interface TextSource {
  prose(characters: number): string;
  code(characters: number): string;
  log(characters: number): string;
  path(): string;
  hex(digits: number): string;
}

function textSource(random: () => number): TextSource {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const words = (count: number): string => Array.from({ length: count }, () => pick(WORDS)).join(' ');
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  const path = (): string => `/home/alice/webshop/src/${pick(NAMES)}/${pick(NAMES)}-${pick(NAMES)}.ts`;
  const filled = (characters: number, line: () => string): string => {
    const lines: string[] = [];
    for (let length = 0; length < characters; length += (lines.at(-1) ?? '').length + 1) lines.push(line());
    return lines.join('\n').slice(0, characters);
  };
  const codeLine = (): string => {
    const name = pick(NAMES);
    const kinds = [
      `export function ${name}${Math.floor(random() * 1000)}(${pick(NAMES)}: string): Promise<void> {`,
      `  const ${name} = await ${pick(NAMES)}.get('${pick(WORDS)}', { timeout: ${Math.floor(random() * 9000)} });`,
      `  if (!${name}) throw new Error("${words(5)}");`,
      `  // ${words(9)}`,
      '}',
    ];
    return pick(kinds);
  };
  const logLine = (): string => {
    const time = `12:${10 + Math.floor(random() * 50)}:${10 + Math.floor(random() * 50)}`;
    const kinds = [
      `${time} INFO  ${pick(NAMES)}: ${words(8)} id=${hex(8)}-${hex(4)}`,
      `    at ${pick(NAMES)} (${path()}:${Math.floor(random() * 300)}:17)`,
      `commit ${hex(40)}`,
      ` ✓ ${words(6)} (${Math.floor(random() * 90)} ms)`,
      `GET http://localhost:${3000 + Math.floor(random() * 999)}/api/${pick(WORDS)}?id=${hex(6)} 200`,
    ];
    return pick(kinds);
  };
  return {
    prose: (characters) => filled(characters, () => `${words(8 + Math.floor(random() * 10))}.`).replaceAll('\n', ' '),
    code: (characters) => filled(characters, codeLine),
    log: (characters) => filled(characters, logLine),
    path,
    hex,
  };
}
