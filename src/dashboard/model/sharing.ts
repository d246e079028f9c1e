/** What the page says about sharing: consequences before, outcomes after. */
import { amount, count, maskedText, percent } from '../../platform/count-words.ts';
import { outcomeWords, type Tone } from '../../platform/sharing-words.ts';
import { span } from '../../platform/time-span.ts';
import { when } from '../../platform/time-words.ts';
import { shortId } from '../../protocol/ids.ts';
import type {
  PreviewResponse,
  ShareResponse,
  SharedRecipient,
  SharedSession,
  UnshareResponse,
} from '../../protocol/local-api.ts';

/** Facts of a shared session in one line each, as `teammate-sync shared` tells them. `now`: ms since 1970. */
export function sessionFacts({ turns, startedAt, masked, withThinking, read }: SharedSession, now: number): string[] {
  return [
    amount(turns, 'turn'),
    `started ${when(startedAt, now)}, ${span(now - Date.parse(startedAt))} ago`,
    maskedText(masked),
    ...(withThinking ? ['with thinking'] : []),
    ...(read < 1 ? [`reading the transcript: ${percent(read, 1)}, the rest follows`] : []),
  ];
}

/** What revoking one recipient does, said beforehand. */
export function revokeConsequence({ state, leaseUntil }: SharedRecipient, now: number): string {
  if (state === 'pending' || state === 'waiting') return 'they have nothing of it yet, and get nothing';
  if (state === 'offline' && leaseUntil !== null) {
    return `they are offline: their machine may show what it has until it hears of this, or ${when(leaseUntil, now)}`;
  }
  if (state === 'offline') return 'they hold nothing of it, and get nothing more';
  return 'they lose it at once; what they have seen they have seen';
}

/** What ending a whole share does. */
export function endConsequence({ recipients }: SharedSession, now: number): string {
  const away = recipients.filter(({ state, leaseUntil }) => state === 'offline' && leaseUntil !== null);
  const latest = away
    .map(({ leaseUntil }) => leaseUntil ?? '')
    .toSorted()
    .at(-1);
  const all = recipients.length === 1 ? 'they lose it at once' : `all ${recipients.length} lose it at once`;
  if (latest === undefined) return `${all}; what they have seen they have seen`;
  return `${all}; ${people(away.map(({ handle }) => handle))}, offline, at ${when(latest, now)} at the latest`;
}

/** What came of it. */
export function unshareWords({ ended, remaining, openInvites = [] }: UnshareResponse): string {
  const what = ended.map(
    ({ session, project, people: who }) =>
      `Ended: ${project} (${shortId(session)})${who.length === 0 ? '' : ` for ${people(who)}`}.`,
  );
  if (what.length === 0) what.push('Nothing was shared, so nothing ended.');
  if (openInvites.length > 0) {
    what.push(`Your invite to ${people(openInvites)} stays open; to take it back, cancel it under People.`);
  }
  what.push(remaining === 0 ? 'Nothing is shared any more.' : `${count(remaining, 'session')} still shared.`);
  return what.join(' ');
}

export interface ShareOutcomes {
  head: string;
  people: { handle: string; what: string; tone: Tone; means: string }[];
  /** Facts that hold after it. */
  notes: string[];
}

/** What came of sharing, as `teammate-sync share` says it. */
export function shareOutcomes(answer: ShareResponse, now: number): ShareOutcomes {
  const { session, project, people: asked, turns, since, masked, read } = answer;
  const name = `${project} (${shortId(session)})`;
  const who = asked.map((person) => ({ handle: person.handle, ...outcomeWords(person) }));
  if (asked.every(({ outcome }) => outcome === 'declined')) {
    return { head: `${name} was shared with nobody.`, people: who, notes: [] };
  }
  const from = since === null ? 'nothing written yet' : `${amount(turns, 'turn')} since ${when(since, now)}`;
  return {
    head: `Sharing ${name}: ${from}, ${maskedText(masked)}.`,
    people: who,
    notes: [
      ...(read < 1 ? [`So far ${percent(read, 1)} of the transcript is read; the rest follows by itself.`] : []),
      'It goes on live, and ends with the conversation. What they have seen they have seen.',
      'To undo it, revoke it under Mine.',
    ],
  };
}

/** What recipients would get, before anything is shared. */
export function previewWords({ session, project, total, turns, masked }: PreviewResponse): string {
  const newest = turns.length < total ? ` (the newest ${turns.length} are below)` : '';
  return `They would see ${project} (${shortId(session)}): ${amount(total, 'turn')}${newest}, ${maskedText(masked)}.`;
}

/** `marie`, `marie and tom`, `marie, tom and ada`. */
export function people(handles: readonly string[]): string {
  if (handles.length < 2) return handles.join('');
  return `${handles.slice(0, -1).join(', ')} and ${handles.at(-1) ?? ''}`;
}

/** Handles as typed, apart by commas or spaces, each once. */
export function typedHandles(text: string): string[] {
  const words = text.split(/[\s,]+/).map((word) => word.replace(/^@/, '').toLowerCase());
  return [...new Set(words.filter((word) => word !== ''))];
}
