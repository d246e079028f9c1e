/** Names that come again and again (sources, kinds, tools), as small numbers. */
export class Names {
  readonly #ids = new Map<string, number>();
  readonly #names: string[] = [];

  id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  name(id: number): string {
    return this.#names[id] ?? '';
  }

  wipe(): void {
    this.#ids.clear();
    this.#names.length = 0;
  }
}
