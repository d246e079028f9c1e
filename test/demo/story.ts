/** Tells the story: who types what, and what the program answered, as it answered it. */
import { styleText } from 'node:util';
import type { Machine, Ran, Running, RunOptions } from '../support/process-world/index.ts';

/** An expected thing did not happen. */
export class DemoFailure extends Error {
  override name = 'DemoFailure';
}

/** @throws DemoFailure */
export function expectThat(fact: boolean, message: string): asserts fact {
  if (!fact) throw new DemoFailure(message);
}

type Style = Parameters<typeof styleText>[0];

export class Story {
  readonly #write: (text: string) => void;
  readonly #colour: boolean;
  #steps = 0;
  #over = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#write = (text) => {
      if (!this.#over) stream.write(text);
    };
    this.#colour = stream.isTTY && !process.env['NO_COLOR'];
  }

  #dress(style: Style, text: string): string {
    return this.#colour ? styleText(style, text, { validateStream: false }) : text;
  }

  step(title: string): void {
    this.#steps++;
    this.#write(`\n${this.#dress('bold', `${this.#steps}. ${title}`)}\n`);
  }

  says(text: string): void {
    this.#write(`   ${text}\n`);
  }

  /** Lines of a program, indented. */
  shows(output: string): void {
    for (const line of output.trimEnd().split('\n')) this.#write(line === '' ? '\n' : `      ${line}\n`);
  }

  /** The last line: nothing comes after it, also not of what was going on. */
  verdict(good: boolean, text: string): void {
    this.#write(`\n${this.#dress(good ? 'green' : 'red', text)}\n`);
    this.#over = true;
  }

  /** Somebody runs a command to its end; what it printed is shown. @throws DemoFailure when it ends with another code */
  async types(machine: Machine, args: string[], { code = 0, ...options }: Typed = {}): Promise<Ran> {
    this.#prompt(machine, args);
    const ran = await machine.run(args, options);
    this.shows(ran.stdout + ran.stderr);
    if (code !== 0) this.says(`(exit code ${ran.code})`);
    expectThat(ran.code === code, `"${args.join(' ')}" was to end with ${code} and ended with ${ran.code}`);
    return ran;
  }

  /** Somebody runs a command that goes on; `news` shows what it printed since the last time. */
  starts(machine: Machine, args: string[]): { running: Running; news: () => void } {
    this.#prompt(machine, args);
    const running = machine.start(args);
    let shown = 0;
    const news = (): void => {
      const all = running.stdout();
      this.shows(all.slice(shown));
      shown = all.length;
    };
    return { running, news };
  }

  #prompt({ login }: Machine, args: string[]): void {
    const words = args.map((word) => (/^[\w@.,:/=-]+$/.test(word) ? word : JSON.stringify(word)));
    this.#write(`   ${this.#dress('cyan', `${login}$ teammate-sync ${words.join(' ')}`)}\n`);
  }
}

interface Typed extends Partial<RunOptions> {
  /** The exit code that belongs to the story; default 0. */
  code?: number;
}
