/** The events of the API's stream as ours. Each is looked at field by field: anything may stand at the base URL. */
import { isObject } from '../protocol/is-object.ts';
import type { AnswerEvent, Excerpt } from '../protocol/local-api.ts';
import { checkCitation } from './citations.ts';
import { reasonOfStop } from './failure.ts';
import { OwnMarks } from './own-marks.ts';
import type { Sent } from './request.ts';

export type SynthesisEvent = Exclude<AnswerEvent, { type: 'found' }>;

export class Reading {
  /** Of text that has come. */
  bytes = 0;
  readonly #table: readonly Sent[];
  readonly #mayRead: (excerpts: readonly Excerpt[]) => boolean;
  readonly #marks = new Map<string, number>();
  readonly #own = new OwnMarks();
  readonly #usage = { input: 0, output: 0 };
  #stop: string | null = null;
  #said = false;

  constructor(table: readonly Sent[], mayRead: (excerpts: readonly Excerpt[]) => boolean) {
    this.#table = table;
    this.#mayRead = mayRead;
  }

  *on(event: unknown): Generator<SynthesisEvent> {
    const delta = field(event, 'delta');
    switch (field(event, 'type')) {
      case 'message_start':
        this.#count(field(field(event, 'message'), 'usage'));
        break;
      case 'message_delta': {
        const stop = field(delta, 'stop_reason');
        if (typeof stop === 'string') this.#stop = stop;
        this.#count(field(event, 'usage'));
        break;
      }
      case 'content_block_delta':
        yield* this.#delta(delta);
        break;
      default:
    }
  }

  /** What was kept back of the text. */
  *rest(): Generator<SynthesisEvent> {
    yield* this.#text(this.#own.flush());
  }

  end(): SynthesisEvent {
    const reason = reasonOfStop(this.#stop) ?? (this.#said ? null : 'the model said nothing');
    return reason === null ? { type: 'done', stop: 'end_turn', usage: this.#usage } : { type: 'fallback', reason };
  }

  *#delta(delta: unknown): Generator<SynthesisEvent> {
    const text = field(delta, 'text');
    if (field(delta, 'type') === 'text_delta' && typeof text === 'string') {
      this.bytes += Buffer.byteLength(text);
      yield* this.#text(this.#own.push(text));
    } else if (field(delta, 'type') === 'citations_delta') {
      yield* this.rest();
      yield this.#citation(field(delta, 'citation'));
    }
  }

  *#text(text: string): Generator<SynthesisEvent> {
    if (text === '') return;
    if (text.trim() !== '') this.#said = true;
    yield { type: 'text', text };
  }

  #citation(given: unknown): SynthesisEvent {
    const checked = checkCitation(given, this.#table);
    if ('struck' in checked) return { type: 'struck', why: checked.struck };
    const { excerpt, citation } = checked;
    if (!this.#mayRead([excerpt])) return { type: 'struck', why: 'no longer readable' };
    const mark = this.#marks.get(citation) ?? this.#marks.size + 1;
    this.#marks.set(citation, mark);
    return { type: 'citation', mark, citation, excerpt: excerpt.id };
  }

  #count(usage: unknown): void {
    const [input, output] = [field(usage, 'input_tokens'), field(usage, 'output_tokens')];
    if (typeof input === 'number') this.#usage.input = input;
    if (typeof output === 'number') this.#usage.output = output;
  }
}

function field(of: unknown, name: string): unknown {
  return isObject(of) ? of[name] : undefined;
}
