/** Somebody without a mouse: finds what they look for by going from one thing to the next, and hears only names. */
import type { Page } from 'playwright-core';
import { until } from '../../support/until.ts';

/** A person gives up sooner. */
const STEPS_MAX = 120;

/** Name of what has the focus, as it is heard, near enough: the label, or the text. */
const FOCUSED = `(() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return '';
  const ids = at.getAttribute('aria-labelledby')?.split(' ') ?? [];
  const by = ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
  const label = at.labels?.[0]?.textContent ?? '';
  return (at.getAttribute('aria-label') ?? (by || label || at.textContent || '')).replace(/\\s+/g, ' ').trim();
})()`;

export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Name of what has the focus; '' when nothing has it. */
  focused(): Promise<string> {
    return this.#page.evaluate(FOCUSED);
  }

  /** Resolves when the focus is somewhere, to go on from: what had it may have gone away. */
  async notLost(): Promise<void> {
    await until(async () => (await this.focused()) !== '', { what: 'something to have the focus', timeoutMs: 5000 });
  }

  /** Goes on until something of this name has the focus, and sees that it is marked. @throws Error with what was passed */
  async to(name: RegExp): Promise<void> {
    const passed: string[] = [];
    while (passed.length < STEPS_MAX) {
      const focused = await this.focused();
      if (name.test(focused)) {
        if (await this.#marked()) return;
        throw new Error(`the focus on ${focused} cannot be seen`);
      }
      passed.push(focused);
      await this.#page.keyboard.press('Tab');
    }
    throw new Error(`${String(name)} was not reached by Tab; passed: ${[...new Set(passed)].join(' | ')}`);
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  /** Goes there and presses Enter. */
  async enter(name: RegExp): Promise<void> {
    await this.to(name);
    await this.press('Enter');
  }

  /** By an outline or a shadow: by colour alone does not count. */
  #marked(): Promise<boolean> {
    return this.#page.evaluate(`(() => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    })()`);
  }
}
