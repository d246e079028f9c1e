/** What a tool is. */
import type { Client } from '../client/index.ts';
import type { Arguments } from './arguments.ts';
import type { Line } from './text/line.ts';
import type { Answer } from './text/render.ts';

/** One call that is under way. */
export interface Call {
  /** Of this home's daemon; ends what it does when the call is cancelled. */
  client: Client;
  /** ms since 1970 */
  now(): number;
  /** Tells whoever asked for progress what is going on. */
  progress(what: Line): void;
}

/** Of JSON Schema, what the tools here need. */
export interface Property {
  type: 'string' | 'integer';
  description: string;
  enum?: readonly string[];
  minimum?: number;
  maximum?: number;
}

export interface ToolAnnotations {
  title: string;
  readOnlyHint: true;
  destructiveHint: false;
  idempotentHint: boolean;
  openWorldHint: boolean;
}

export interface Tool {
  name: string;
  title: string;
  /** Fixed: nothing that anybody else said is ever in it. */
  description: string;
  properties: Readonly<Record<string, Property>>;
  required: readonly string[];
  /** Its answers hold what others wrote. */
  quotes: boolean;
  /** It is in the prompt from the beginning of a session on, where others are looked up. */
  always?: true;
  /** @throws TeammateSyncError, BadArgument: the server says them in words */
  run(given: Arguments, call: Call): Promise<Answer>;
}

/** All of them only read. Asking again gives the same, or what is newer: nothing is changed by it. */
export function annotationsOf({ title, quotes }: Tool): ToolAnnotations {
  return { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: quotes };
}

/** What every tool that reads of somebody takes. */
export const TEAMMATE: Property = {
  type: 'string',
  description: 'GitHub handle of the teammate, e.g. "marie". See list_teammates.',
};
export const SESSION: Property = {
  type: 'string',
  description: 'Id of one shared session, or the beginning of it, e.g. "7f3c1a2b". See list_shared_sessions.',
};
export const CURSOR: Property = {
  type: 'string',
  description: 'From an earlier answer of this tool: gives what follows. All other arguments must be the same as then.',
};
