/** What a question is answered with. */
import type { AskResponse, Excerpt } from '../../../src/protocol/local-api.ts';
import { HOSTILE, SESSION_A } from './canned.ts';

const passage = { line: 120, time: '2026-11-22T11:00:00Z', role: 'user', kind: 'prompt', tool: '' };
const excerpt: Excerpt = {
  id: '0123456789abcdef',
  citation: '@marie · webshop · 1f0c0000…:L120-121',
  handle: 'marie',
  session: SESSION_A,
  project: 'webshop',
  source: 'main',
  from: 120,
  to: 121,
  time: passage.time,
  score: 1,
  passages: [
    { ...passage, text: 'shall we use postgres?', hit: true, omittedBefore: 0, omittedAfter: 0 },
    {
      ...passage,
      line: 121,
      role: 'assistant',
      kind: 'reply',
      text: HOSTILE,
      hit: false,
      omittedBefore: 0,
      omittedAfter: 1234,
    },
  ],
  also: ['@marie · webshop · 1f0c0000…:L7'],
  more: 2,
};
export const cannedAnswer: AskResponse = {
  people: [{ handle: 'marie', online: false, heard: '2026-11-22T11:48:00Z', fresh: 'offline', waiting: 1 }],
  sessions: [
    {
      ...{ handle: 'marie', session: SESSION_A, project: 'webshop', title: null, live: false },
      ...{ newest: '2026-11-22T11:30:00Z', searched: 50, turns: 200 },
    },
  ],
  message: null,
  excerpts: [excerpt],
  found: 9,
  more: false,
  cursor: 'abc',
};
