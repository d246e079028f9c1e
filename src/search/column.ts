/** Growing columns of numbers: a transcript has hundreds of thousands, and an object for each would cost ten times as much. */

const FIRST_LENGTH = 256;

type Numbers = Int32Array | Uint16Array | Float64Array | Uint8Array;

export class Column<T extends Numbers> {
  #values: T;
  readonly #make: (length: number) => T;
  #length = 0;

  /** @param make of this many zeros */
  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#values = make(FIRST_LENGTH);
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.#values.byteLength;
  }

  push(value: number): number {
    this.reserve(this.#length + 1);
    this.#values[this.#length] = value;
    return this.#length++;
  }

  /** Makes it this long, with zeros. */
  extend(length: number): void {
    this.reserve(length);
    this.#length = Math.max(this.#length, length);
  }

  /** Zero beyond its end. */
  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  /** What it holds now, for a loop; void after the next push. */
  get values(): T {
    return this.#values;
  }

  /** The same without what is reserved. */
  get used(): T {
    return this.#values.subarray(0, this.#length) as T;
  }

  /** Overwrites all of it: nothing stays in memory until it is collected. */
  wipe(): void {
    this.#values.fill(0);
    this.#values = this.#make(0);
    this.#length = 0;
  }

  reserve(length: number): void {
    if (length <= this.#values.length) return;
    const larger = this.#make(Math.max(length, Math.ceil(this.#values.length * 1.6)));
    larger.set(this.#values);
    this.#values = larger;
  }
}

export const int32 = (): Column<Int32Array> => new Column((length) => new Int32Array(length));
export const float64 = (): Column<Float64Array> => new Column((length) => new Float64Array(length));
export const uint8 = (): Column<Uint8Array> => new Column((length) => new Uint8Array(length));
