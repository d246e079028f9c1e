/** compact-encoding's `raw` in the few lines that are needed: all bytes of the message, as they are. */
import type { Encoding } from 'protomux';

interface State {
  start: number;
  end: number;
  buffer: Buffer;
}

export const rawBytes: Encoding<Uint8Array> = {
  preencode(state: never, bytes: Uint8Array) {
    (state as State).end += bytes.length;
  },
  encode(state: never, bytes: Uint8Array) {
    const s = state as State;
    s.buffer.set(bytes, s.start);
    s.start += bytes.length;
  },
  decode(state: never) {
    const s = state as State;
    const bytes = s.buffer.subarray(s.start, s.end);
    s.start = s.end;
    return bytes;
  },
};
