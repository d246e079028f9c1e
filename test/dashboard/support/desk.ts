/** Somebody with the dashboard open. All of it is found by role and accessible name: what has no name is not found. */
import type { Browser, Locator, Page } from 'playwright-core';
import type { Client } from '../../../src/client/index.ts';
import { Window, type WindowOptions } from './window.ts';

/** Who has a daemon: in this process or in one of its own. */
export interface Host {
  readonly login: string;
  readonly client: Client;
}

export type View = 'Mine' | 'Theirs' | 'People' | 'Activity' | 'Health';
export const VIEWS: readonly View[] = ['Mine', 'Theirs', 'People', 'Activity', 'Health'];

/** What the browser itself logs beside the page, and what it means: both are no faults of the page where a test causes them. */
const LOGGED = {
  away: /net::ERR_(?:CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)/,
  refusal: /the server responded with a status of 4\d\d/,
};

export class Desk {
  readonly window: Window;
  /** As `http://127.0.0.1:8080`. */
  readonly origin: string;
  readonly #expected: RegExp[] = [];

  constructor(window: Window, origin: string) {
    this.window = window;
    this.origin = origin;
  }

  /** Opens the page in a window of its own; resolves when it is live. */
  static async open(browser: Browser, host: Host, options: WindowOptions = {}): Promise<Desk> {
    const { url } = await host.client.call('dashboard', { body: { port: null } });
    const desk = new Desk(await Window.open(browser, options), new URL(url).origin);
    await desk.page.goto(url);
    await desk.live();
    return desk;
  }

  get page(): Page {
    return this.window.page;
  }

  get main(): Locator {
    return this.page.getByRole('main');
  }

  /** The page says that what it shows is so now. */
  async live(): Promise<void> {
    await this.page.getByRole('banner').getByText('live', { exact: true }).waitFor();
  }

  /** Goes there by the page's own links. */
  async go(view: View): Promise<void> {
    const views = this.page.getByRole('navigation', { name: 'Views' });
    await views.getByRole('link', { name: new RegExp(`^${view}\\b`) }).click();
    await this.main.getByRole('heading', { level: 1, name: new RegExp(`^${view}\\b`) }).waitFor();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** A part of a view, by its heading. */
  section(name: string): Locator {
    return this.main.getByRole('region', { name: new RegExp(`^${name}`) });
  }

  dialog(name: RegExp): Locator {
    return this.page.getByRole('dialog', { name });
  }

  /** What the page said last that it did. */
  said(words: string | RegExp): Promise<void> {
    return this.page.getByRole('region', { name: 'Messages' }).getByRole('status').getByText(words).waitFor();
  }

  /** The daemon may be away, or refuse something. */
  expect(what: keyof typeof LOGGED): void {
    this.#expected.push(LOGGED[what]);
  }

  /** What happened in this window so far was done by a page that is not ours. */
  forgive(): void {
    this.window.incidents.length = 0;
    this.window.requests.length = 0;
  }

  /** What the page did that no page of ours may do. */
  faults(): string[] {
    const { incidents } = this.window;
    const unexpected = incidents.filter((incident) => !this.#expected.some((pattern) => pattern.test(incident)));
    return [...unexpected, ...this.window.beyond(this.origin)];
  }

  async close(): Promise<void> {
    await this.window.close();
  }
}
