/** Asking what teammates share. */
import type { VerbSpec } from '../verb.ts';

export const askingVerbs: readonly VerbSpec[] = [
  {
    name: 'ask',
    aliases: [],
    group: 'read',
    summary: 'find what teammates said about something, with citations',
    usage:
      'ask [<handle>[,<handle>...]] "question" [--session id] [--literal | --regex] [--budget tokens] [--cursor c] [--synthesize]',
    about: [
      'The best places of what they share with you, best first. Without a handle: of everyone who shares with you. Their',
      'daemons are asked for their newest lines first, for two seconds at most. No model is asked, unless with --synthesize:',
      'then a model of Anthropic’s writes an answer from those places, by your own key (init --anthropic-key), and they go',
      'there. What it cites is checked; when it fails you get the places themselves.',
    ],
    words: { min: 1, max: 2, what: 'the question' },
    options: [
      { name: 'session', takes: 'value', label: 'id', about: 'only this session, by the beginning of its id' },
      {
        name: 'literal',
        takes: 'nothing',
        about: 'the question is a string; its case counts if it has an upper-case letter',
      },
      { name: 'regex', takes: 'nothing', about: 'the question is a regular expression, in the syntax of RE2' },
      { name: 'budget', takes: 'value', label: 'tokens', about: 'of all excerpts: 6000, at most 9000' },
      { name: 'cursor', takes: 'value', label: 'c', about: 'what follows on an answer to the same question' },
      {
        name: 'synthesize',
        takes: 'nothing',
        about: 'let a model write the answer: sends the places to Anthropic, by your key',
      },
    ],
    examples: [
      ['ask marie "why did she choose postgres?"', 'the places where it is said, with citations'],
      ['ask marie "why postgres?" --synthesize', 'an answer in words, with citations that were checked'],
      ['ask marie,bob "ECONNRESET" --literal', 'a known string, newest first'],
    ],
    run: () => import('../verbs/ask.ts'),
  },
  {
    name: 'cite',
    aliases: [],
    group: 'read',
    summary: 'read the lines behind a citation',
    usage: 'cite <id or citation> [--full]',
    about: ['As long as the session is shared; after that it says so.'],
    words: { min: 1, max: Number.POSITIVE_INFINITY, what: 'the citation' },
    options: [{ name: 'full', takes: 'nothing', about: 'do not shorten what tools were asked, and their results' }],
    examples: [
      ['cite 1f0c2a3b4c5d6e7f', 'by the id of an excerpt'],
      ['cite "@marie · shop · 7f3c1a2b…:L120-131"', 'by what stands above it'],
    ],
    run: () => import('../verbs/cite.ts'),
  },
  {
    name: 'mcp',
    aliases: [],
    group: 'read',
    summary: 'what teammates share as tools for a model: an MCP server on stdin and stdout',
    usage: 'mcp',
    about: [
      'All of its tools only read. Claude Code and other MCP clients start it by themselves once they know of it.',
    ],
    words: { min: 0, max: 0, what: '' },
    options: [],
    examples: [['mcp', 'serves until stdin ends']],
    run: () => import('../verbs/mcp.ts'),
  },
];
