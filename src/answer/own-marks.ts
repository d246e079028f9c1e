/** Keeps a mark like `[1]` for citations that were checked: one that the model wrote itself, `[1, 2]` too, becomes `(1)`. */

/** A part of a mark at the end of what has come so far. */
const BEGUN = /\[[\d ,;–-]{0,40}$/;

export class OwnMarks {
  #held = '';

  /** What can be passed on of all that has come. */
  push(text: string): string {
    const all = this.#held + text;
    this.#held = BEGUN.exec(all)?.[0] ?? '';
    return all.slice(0, all.length - this.#held.length).replaceAll(/\[([\d ,;–-]{0,40})\]/g, '($1)');
  }

  /** The rest: a citation or the end follows. */
  flush(): string {
    const rest = this.#held.replace('[', '(');
    this.#held = '';
    return rest;
  }
}
