/**
 * A turn: one kept record of a Claude Code transcript, and, once redacted, one entry of a session core.
 * The shape is the same on both sides, so that what the owner previews is what the recipient reads.
 */
import { ENTRY_MAX_BYTES } from './limits.ts';
import { anything, bool, type Decoder, int, list, object, oneOf, text, union } from './decode.ts';

/** Kinds written by this version. A reader shows an unknown kind by its role, so new kinds do not break old readers. */
export type TurnKind =
  | 'prompt' // typed by the person, also while Claude was busy
  | 'reply' // text of the assistant
  | 'thinking' // only when the owner asked to share it
  | 'tool_use'
  | 'tool_result'
  | 'boundary' // the conversation was compacted here
  | 'summary' // what the model kept after compaction
  | 'title' // the conversation was named; the newest one counts
  | 'notice'; // a marker made by capture: a record that was too long, for instance

export type ContentPart =
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  | { type: 'tool_use'; id: string; name: string; input?: unknown }
  | { type: 'tool_result'; id: string; text: string; error: boolean }
  | { type: 'image'; media: string }
  | { type: 'omitted'; why: string };

const id = text(512);
const body = text(ENTRY_MAX_BYTES);

const part = union<ContentPart>('type', {
  text: object({ type: oneOf('text'), text: body }),
  thinking: object({ type: oneOf('thinking'), text: body }),
  tool_use: object({ type: oneOf('tool_use'), id, name: id, input: anything }),
  tool_result: object({ type: oneOf('tool_result'), id, text: body, error: bool }),
  image: object({ type: oneOf('image'), media: id }),
  omitted: object({ type: oneOf('omitted'), why: id }),
});

/**
 * One turn.
 * - `source`: `main`, or the id of the subagent whose file it came from
 * - `line`: 1-based line number in that file
 * - `uuid`: of the record, or '' where the record has none
 * - `time`: ISO 8601 as in the transcript, or ''
 * - `role`: user | assistant | system ; `kind`: see {@link TurnKind}
 */
export interface Turn {
  source: string;
  line: number;
  uuid: string;
  time: string;
  role: string;
  kind: TurnKind | (string & {});
  content: ContentPart[];
}

export const turnDecoder: Decoder<Turn> = object({
  source: text(128),
  line: int(1),
  uuid: text(128),
  time: text(64),
  role: text(16),
  kind: text(32),
  content: list(part, 4096),
});

/** The conversation itself; any other source is a subagent of it. */
export const MAIN_SOURCE = 'main';
