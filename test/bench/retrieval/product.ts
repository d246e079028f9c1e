/** The product's own search, as the daemon runs it. */
import { find, type Searched } from '../../../src/daemon/answers/finding.ts';
import { ANSWER_TOKENS } from '../../../src/protocol/limits.ts';
import { excerptsOf, LexicalIndex } from '../../../src/search/index.ts';
import { type Engine, DEPTH, type Found } from './engine.ts';

export function product(): Engine {
  const searched: Searched[] = [];
  return {
    name: 'teammate-sync',
    index: async (sessions) => {
      for (const { handle, session, blocks } of sessions) {
        const index = new LexicalIndex();
        searched.push({ index, of: { handle, session, project: 'webshop' } });
        // As in the daemon: the newest first.
        for (let block = blocks.length; block > 0; block--) {
          for (const step of index.adding(block, blocks[block - 1] ?? [])) void [step];
        }
      }
    },
    ask: async (question, now) => {
      const request = { handles: [], question, session: null, mode: 'question' as const, budget: null, cursor: null };
      const { hits } = await find(request, searched, now);
      const { excerpts } = excerptsOf(hits, 0, ANSWER_TOKENS);
      // As it is shown: what was found, with what stands around it.
      const found = excerpts.map(({ handle, passages }): Found => ({
        handle,
        text: passages.map(({ text }) => text).join('\n'),
      }));
      return { found: found.slice(0, DEPTH), inBudget: found };
    },
  };
}
