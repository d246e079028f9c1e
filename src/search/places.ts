/** Where each piece stands: its block, turn and part, when it was said and by whom, and which text it is. */
import type { Turn } from '../protocol/turn.ts';
import { inOrder, type InOrder } from './in-order.ts';
import { Names } from './names.ts';
import { float64, int32, uint8 } from './column.ts';
import type { Piece } from './pieces.ts';

/** One piece, as it stands in the session. */
export interface Place {
  source: string;
  line: number;
  /** Unix milliseconds; 0: unknown. */
  time: number;
  role: string;
  kind: string;
  tool: string;
  part: number;
  piece: number;
  pieces: number;
  text: number;
}

interface OfSource {
  places: Int32Array;
  ascending: boolean;
}

export class Places {
  readonly #names = new Names();
  readonly #source = int32();
  readonly #line = int32();
  readonly #time = float64();
  readonly #role = int32();
  readonly #kind = int32();
  readonly #tool = int32();
  readonly #part = int32();
  readonly #piece = int32();
  readonly #pieces = int32();
  readonly #text = int32();
  /** The next place with the same text, and by text the last one; both plus one. */
  readonly #same = int32();
  readonly #last = int32();
  /** By block: its first place, how many it has, and whether it is here. */
  readonly #first = int32();
  readonly #count = int32();
  readonly #whole = uint8();
  #order: Int32Array | null = null;
  #inOrder: InOrder | null = null;
  readonly #bySource = new Map<number, OfSource>();
  #newest = 0;
  #closed = 0;

  get length(): number {
    return this.#line.length;
  }

  /** Time of the newest turn of all; 0: unknown. */
  get newest(): number {
    return this.#newest;
  }

  add(turn: Turn, piece: Piece, text: number): void {
    const time = Date.parse(turn.time);
    const at = this.#line.push(turn.line);
    this.#source.push(this.#names.id(turn.source));
    this.#time.push(Number.isNaN(time) ? 0 : time);
    this.#role.push(this.#names.id(turn.role));
    this.#kind.push(this.#names.id(turn.kind));
    this.#tool.push(this.#names.id(piece.tool));
    this.#part.push(piece.part);
    this.#piece.push(piece.piece);
    this.#pieces.push(piece.pieces);
    this.#text.push(text);
    this.#last.extend(text + 1);
    this.#same.push(this.#last.at(text));
    this.#last.set(text, at + 1);
  }

  /** The pieces from `first` on are all of this block, and can be found from now on. */
  close(block: number, first: number, newest: number): void {
    for (const column of [this.#first, this.#count, this.#whole]) column.extend(block + 1);
    this.#first.set(block, first);
    this.#count.set(block, this.length - first);
    this.#whole.set(block, 1);
    this.#newest = Math.max(this.#newest, newest);
    this.#closed = this.length;
    this.#order = null;
    this.#inOrder = null;
    this.#bySource.clear();
  }

  /** Places below this are of whole blocks. */
  get closed(): number {
    return this.#closed;
  }

  has(block: number): boolean {
    return this.#whole.at(block) === 1;
  }

  /** All pieces that can be found, in the order of the session. */
  get order(): Int32Array {
    if (this.#order) return this.#order;
    const order = new Int32Array(this.length);
    let at = 0;
    for (let block = 0; block < this.#whole.length; block++) {
      const first = this.#first.at(block);
      for (let i = 0; i < this.#count.at(block); i++) order[at++] = first + i;
    }
    this.#order = order.subarray(0, at);
    return this.#order;
  }

  at(place: number): Place {
    return {
      source: this.#names.name(this.#source.at(place)),
      line: this.#line.at(place),
      time: this.#time.at(place),
      role: this.#names.name(this.#role.at(place)),
      kind: this.#names.name(this.#kind.at(place)),
      tool: this.#names.name(this.#tool.at(place)),
      part: this.#part.at(place),
      piece: this.#piece.at(place),
      pieces: this.#pieces.at(place),
      text: this.#text.at(place),
    };
  }

  textOf(place: number): number {
    return this.#text.at(place);
  }

  timeOf(place: number): number {
    return this.#time.at(place);
  }

  /** The number that {@link kindId} gives a kind. */
  kindOf(place: number): number {
    return this.#kind.at(place);
  }

  kindId(kind: string): number {
    return this.#names.id(kind);
  }

  /** What ranking loops over, in the order of the session; it stays as it is when something is added. */
  get inOrder(): InOrder {
    if (this.#inOrder) return this.#inOrder;
    this.#inOrder = inOrder(this.order, this.#text.values, this.#source.values);
    return this.#inOrder;
  }

  lineOf(place: number): number {
    return this.#line.at(place);
  }

  /** The part of its turn and the piece of that, as one number that grows with them. */
  orderInTurn(place: number): number {
    return this.#part.at(place) * 2 ** 20 + this.#piece.at(place);
  }

  /** The places of these lines of a source, in order. */
  lines(source: string, from: number, to: number): number[] {
    const { places, ascending } = this.#ofSource(this.#names.id(source));
    const found: number[] = [];
    for (let i = ascending ? this.#firstAt(places, from) : 0; i < places.length; i++) {
      const place = places[i] ?? 0;
      const line = this.#line.at(place);
      if (line > to && ascending) break;
      if (line >= from && line <= to) found.push(place);
    }
    return found;
  }

  /** All of a source, in order. Lines ascend, unless somebody made blocks in which they do not. */
  #ofSource(id: number): OfSource {
    const known = this.#bySource.get(id);
    if (known) return known;
    const places = this.order.filter((place) => this.#source.at(place) === id);
    const ascending = places.every((place, i) => i === 0 || this.#line.at(places[i - 1] ?? 0) <= this.#line.at(place));
    const made = { places, ascending };
    this.#bySource.set(id, made);
    return made;
  }

  /** The first of ascending places whose line is at least this one. */
  #firstAt(places: Int32Array, line: number): number {
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#line.at(places[middle] ?? 0) < line) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  blockOf(place: number): number {
    for (let block = 0; block < this.#whole.length; block++) {
      const first = this.#first.at(block);
      if (place >= first && place < first + this.#count.at(block)) return block;
    }
    return 0;
  }

  /** All places with this text. */
  withText(text: number): number[] {
    const places: number[] = [];
    for (let next = this.#last.at(text); next > 0; next = this.#same.at(next - 1)) places.push(next - 1);
    return places;
  }

  wipe(): void {
    this.#names.wipe();
    this.#order?.fill(0);
    this.#inOrder?.texts.fill(0);
    this.#order = null;
    this.#inOrder = null;
    this.#bySource.clear();
    this.#newest = 0;
    this.#closed = 0;
    const columns = [this.#source, this.#line, this.#time, this.#role, this.#kind, this.#tool, this.#part, this.#piece];
    for (const column of [
      ...columns,
      this.#pieces,
      this.#text,
      this.#same,
      this.#last,
      this.#first,
      this.#count,
      this.#whole,
    ])
      column.wipe();
  }
}
