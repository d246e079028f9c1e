/**
 * With what somebody reads, as a program of ours says it in a header of each request: owners are told it with the lines that
 * were read.
 */
import { type Decoder, text } from './decode.ts';

export const READER_HEADER = 'teammate-sync-reader';

/** A verb, or the name of an MCP tool: lower-case letters, digits, `_` and `-`, 32 at most. */
export const readerName: Decoder<string> = text(32, /^[a-z][a-z0-9_-]*$/);

/** @param route what counts when the request does not say @throws DecodeError when the header is not a name */
export function decodeReader(value: string | undefined, route: string): string {
  return value === undefined ? route : readerName(value, READER_HEADER);
}
