/** The floors: a search library with its defaults on the same pieces, and looking for a string. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import MiniSearch from 'minisearch';
import { ANSWER_TOKENS } from '../../../src/protocol/limits.ts';
import { tokensOf } from '../../../src/search/budget.ts';
import { escaped } from '../../../src/search/escaped.ts';
import { piecesOf } from '../../../src/search/pieces.ts';
import { isStopWord } from '../../../src/search/words.ts';
import { DEPTH, type Engine, type Found } from './engine.ts';

/** Around a string that was found. */
const AROUND = 200;
/** More are not read by anybody. */
const MATCHES_MAX = 2000;

/** minisearch 7 as it comes, on the same pieces, each text once. */
export function miniSearch(): Engine {
  const engine = new MiniSearch<{ id: number; text: string }>({ fields: ['text'] });
  const pieces: Found[] = [];
  return {
    name: 'minisearch',
    index: async (sessions) => {
      const known = new Set<string>();
      for (const { handle, blocks } of sessions) {
        for (const { text } of blocks.flat().flatMap(piecesOf)) {
          if (known.has(text)) continue;
          known.add(text);
          engine.add({ id: pieces.push({ handle, text }) - 1, text });
        }
      }
    },
    ask: async (question) => {
      const all = engine.search(question).slice(0, 200);
      const found = all.flatMap(({ id }) => pieces[id as number] ?? []);
      return { found: found.slice(0, DEPTH), inBudget: within(found) };
    },
  };
}

/** The longest word of the question as a string, in any case, newest first: what one would type into grep. */
export function literalScan(): Engine {
  let files: { handle: string; file: string }[] = [];
  const ripgrep = spawnSync('rg', ['--version']).status === 0;
  const matches = ripgrep ? withRipgrep : withoutRipgrep;
  return {
    name: ripgrep ? 'ripgrep' : 'literal scan (no ripgrep here)',
    index: async (sessions) => {
      files = sessions.toSorted((a, b) => a.daysAgo - b.daysAgo);
    },
    ask: async (question) => {
      const [word = ''] = question
        .split(/[^\w./]+/)
        .filter((one) => !isStopWord(one.toLowerCase()))
        .toSorted((a, b) => b.length - a.length);
      const found = files.flatMap(({ handle, file }) => matches(file, word).map((text) => ({ handle, text })));
      return { found: found.slice(0, DEPTH), inBudget: within(found) };
    },
  };
}

function withRipgrep(file: string, word: string): string[] {
  const pattern = `.{0,${AROUND}}${escaped(word)}.{0,${AROUND}}`;
  const { stdout } = spawnSync('rg', ['-o', '-i', '-N', '-e', pattern, file], { maxBuffer: 2 ** 30 });
  return stdout.toString().split('\n').filter(Boolean).toReversed().slice(0, MATCHES_MAX);
}

function withoutRipgrep(file: string, word: string): string[] {
  const text = fs.readFileSync(file, 'latin1');
  const found: string[] = [];
  const wanted = new RegExp(escaped(word), 'gi');
  for (const { index } of text.matchAll(wanted)) found.push(text.slice(Math.max(0, index - AROUND), index + AROUND));
  return found.toReversed().slice(0, MATCHES_MAX);
}

/** As many as fit into an answer, each with what it costs to say where it stands. */
function within(found: readonly Found[]): Found[] {
  let left = ANSWER_TOKENS;
  return found.filter(({ text }) => (left -= tokensOf(text) + 60) >= 0);
}
