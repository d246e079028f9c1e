/** Names of places in what teammates share: short ids, and citations that people read, type and check. */
import { createHash } from 'node:crypto';
import { printable } from '../platform/printable.ts';
import { shortId } from '../protocol/ids.ts';
import type { Cited } from '../protocol/local-api.ts';
import { MAIN_SOURCE } from '../protocol/turn.ts';

/** `@marie · shop · 7f3c1a2b…:L120-131`; in a subagent `7f3c1a2b…/a1b2:L3`. */
export function citationOf({ handle, session, project, source, from, to }: Cited): string {
  const where = source === MAIN_SOURCE ? '' : `/${plain(source)}`;
  const lines = from === to ? `L${from}` : `L${from}-${to}`;
  return `@${handle} · ${plain(project)} · ${shortId(session)}…${where}:${lines}`;
}

/** A name of others on one line, without what separates the parts. */
function plain(name: string): string {
  return printable(name).replaceAll(/[·…:]/g, '.').trim() || '?';
}

/** What a typed citation says; the project is for people and not looked at. Null: it is none. */
export function readCitation(
  typed: string,
): { handle: string; session: string; source: string; from: number; to: number } | null {
  const match =
    /^@?([\w-]+)\s.*?\b([0-9a-f][0-9a-f-]{2,35})(?:…|\.\.\.)?(?:\/([^\s:]+))?:L(\d{1,9})(?:-L?(\d{1,9}))?$/i.exec(
      typed.trim(),
    );
  if (!match) return null;
  const [, handle = '', session = '', source = MAIN_SOURCE, first = '', last = first] = match;
  const [from, to] = [Number(first), Number(last)];
  return from < 1 || to < from ? null : { handle, session: session.toLowerCase(), source, from, to };
}

/** Sixteen hex digits that are the same for the same lines with the same content. */
export function excerptId({ session, source, from, to }: Cited, texts: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([session, source, from, to, ...texts]));
  return hash.digest('hex').slice(0, 16);
}

export function isExcerptId(typed: string): boolean {
  return /^[0-9a-f]{16}$/i.test(typed.trim());
}
