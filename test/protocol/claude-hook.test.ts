import { describe, expect, it } from 'vitest';
import { HOOK_EVENTS, SLASH_VERBS, slashCommand } from '../../src/protocol/claude-hook.ts';
import { RESOLVE_TIMEOUT_MS } from '../../src/protocol/limits.ts';
import { verbs } from '../../src/cli/verb-table.ts';

describe('slash commands', () => {
  it('are verbs of the command line, once each, with one line about them', () => {
    const names = SLASH_VERBS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !verbs.some((verb) => verb.name === name))).toEqual([]);
    for (const { about, argumentHint } of SLASH_VERBS) expect(about + argumentHint).toMatch(/^[^\n]+$/);
  });

  it('name only options that their verb has', () => {
    for (const { name, argumentHint } of SLASH_VERBS) {
      const options = verbs.find((verb) => verb.name === name)?.options.map((option) => option.name) ?? [];
      const hinted = [...argumentHint.matchAll(/--([a-z-]+)/g)].map((match) => match[1] ?? '');
      expect(hinted.filter((option) => !options.includes(option))).toEqual([]);
    }
  });

  it.each([
    ['/share marie', 'share', 'marie', false],
    ['/share', 'share', '', false],
    ['/share\nmarie', 'share', 'marie', false],
    ['/teammate-sync:share  marie "x y"', 'share', ' marie "x y"', true],
    ['/show marie --lines 1-2', 'show', 'marie --lines 1-2', false],
  ])('%j is one', (prompt, verb, rest, ofPlugin) => {
    expect(slashCommand(prompt)).toEqual({ verb, rest, ofPlugin });
  });

  it.each([
    ' /share marie',
    'share marie',
    'please /share marie',
    '//share marie',
    '/Share marie',
    '/shares marie',
    '/share-all',
    '/share:marie',
    '/other:share marie',
    '/block marie',
    '/connect marie',
    '/constructor',
    '/',
    '',
  ])('%j is none', (prompt) => {
    expect(slashCommand(prompt)).toBeNull();
  });
});

describe('hook events', () => {
  it('give a verb the time that it may need', () => {
    const { timeout = 0 } = HOOK_EVENTS.find(({ event }) => event === 'UserPromptSubmit') ?? {};
    expect(timeout * 1000).toBeGreaterThan(RESOLVE_TIMEOUT_MS);
  });
});
