/**
 * Lines that are ours. What stands outside the quoted data is made of literals, numbers and names whose shape was checked;
 * the types keep every other string out.
 */
import { clip, printable } from '../../platform/printable.ts';
import { normaliseHandle, shortId } from '../../protocol/ids.ts';

declare const ours: unique symbol;
declare const within: unique symbol;

/** May stand anywhere. */
export type Line = string & { readonly [ours]: true };
/** Holds names that others gave, made harmless; stands only among the quoted data. */
export type Heading = string & { readonly [within]: true };

/** Of a name that others gave. */
const NAME_MAX = 80;
/** Of what the daemon says about a failure. */
const MESSAGE_MAX = 400;
const UNKNOWN = '?';

/** A line of literals, numbers and other lines. */
export function line(literals: TemplateStringsArray, ...values: readonly (Line | number)[]): Line {
  return joined(literals, values) as Line;
}

/** The same, which also takes what {@link name} has made harmless. */
export function heading(literals: TemplateStringsArray, ...values: readonly (Line | Heading | number)[]): Heading {
  return joined(literals, values) as Heading;
}

function joined(literals: TemplateStringsArray, values: readonly (string | number)[]): string {
  return literals.reduce((text, literal, i) => `${text}${values[i - 1] ?? ''}${literal}`);
}

/** Lines with `, ` between them. */
export function listed(lines: readonly Line[]): Line {
  return lines.join(', ') as Line;
}

/**
 * A name of others (a project, a tool, a citation) in one short piece: letters, digits and a few signs, so that it can
 * neither end a line nor look like a mark of ours.
 */
export function name(text: string, most = NAME_MAX): Heading {
  const plain = printable(text.slice(0, 4 * most)).replaceAll(/[^\p{L}\p{M}\p{N} ._/@:·…+#-]/gu, '_');
  return (clip(plain.replaceAll(/ {2,}/g, ' ').trim(), most) || UNKNOWN) as Heading;
}

/** `@marie`; of what cannot be a handle `@?`. */
export function handle(text: string): Line {
  return `@${normaliseHandle(text) ?? UNKNOWN}` as Line;
}

/** The part of a session id that people are shown. */
export function session(id: string): Line {
  return (/^[0-9a-f]{8}-[0-9a-f-]{1,60}$/i.test(id) ? shortId(id) : UNKNOWN) as Line;
}

/** The id of an excerpt. */
export function excerptId(id: string): Line {
  return (/^[0-9a-f]{8,64}$/.test(id) ? id : UNKNOWN) as Line;
}

/** A cursor of the daemon's or of ours. */
export function cursorText(cursor: string): Line {
  return (/^[\w.~-]{1,2048}$/.test(cursor) ? cursor : UNKNOWN) as Line;
}

/** What the daemon says about a failure, or what was typed: one line without anything hidden. */
export function message(text: string): Line {
  return clip(printable(text.slice(0, 4 * MESSAGE_MAX)), MESSAGE_MAX) as Line;
}

/** `12,345`. */
export function amount(n: number): Line {
  return String(Math.trunc(n)).replace(/\B(?=(?:\d{3})+$)/g, ',') as Line;
}

/** `1 session`, `12,345 sessions`. */
export function counted(n: number, one: 'session' | 'turn' | 'place' | 'teammate' | 'member' | 'byte' | 'line'): Line {
  return `${amount(n)} ${one}${n === 1 ? '' : 's'}` as Line;
}

/** What the user is to hear once about how they are reading; nothing where there is nothing new. */
export function toldLines(told: string | undefined): Line[] {
  return told === undefined || told === '' ? [] : [line`Tell the user, once: ${message(told)}`];
}
