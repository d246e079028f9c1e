/** What Claude Code carries out itself is no part of a conversation; what a person types for the model is. */
import { expect, it } from 'vitest';
import { parse, texts, write } from './support.ts';

it('drops commands of Claude Code itself and what they printed, and keeps those for the model, and markup that is typed', () => {
  const compact = '<command-name>/compact</command-name>\n  <command-message>compact</command-message>';
  const review = '<command-message>review</command-message>\n<command-name>/review</command-name>';
  const printed = '<local-command-stdout>Compacted</local-command-stdout>';
  const turns = parse(
    write((w) => {
      w.user('<local-command-caveat>run directly</local-command-caveat>', { isMeta: true });
      w.user(compact).user(printed);
      w.user(review, { origin: { kind: 'human' } }).user('Review the code', { isMeta: true });
      w.prompt(compact).reply('What is that?').user(printed);
    }),
  );
  expect(texts(turns)).toEqual([review, compact, 'What is that?', printed]);
});
