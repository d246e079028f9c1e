/** A window of the browser, with cookies and storage of its own, in which everything is written down that a page does. */
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright-core';

export interface WindowOptions {
  width?: number;
  height?: number;
  dark?: boolean;
  /** Of the system's setting to reduce motion; no wish by default. */
  reducedMotion?: boolean;
  /** For what a test injects into the page; never where it is asked what a page may do. */
  withoutCsp?: boolean;
}

/** Where hostile text writes when it runs. */
export const OWNED = 'teammateSyncOwned';

export class Window {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Each request of any page, also those that the browser stopped: `GET http://…`. */
  readonly requests: string[] = [];
  /** Dialogs, further windows, downloads, uncaught errors, breaches of the CSP, and whatever else was logged as an error. */
  readonly incidents: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  static async open(browser: Browser, options: WindowOptions = {}): Promise<Window> {
    const { width = 1280, height = 800, dark = false, reducedMotion = false, withoutCsp = false } = options;
    const settings: BrowserContextOptions = {
      viewport: { width, height },
      colorScheme: dark ? 'dark' : 'light',
      reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
      bypassCSP: withoutCsp,
      locale: 'en-GB',
      timezoneId: 'UTC',
    };
    const context = await browser.newContext(settings);
    context.setDefaultTimeout(20_000);
    const window = new Window(context, await context.newPage());
    window.#watch();
    return window;
  }

  #watch(): void {
    const { context, page, incidents } = this;
    const request = (asked: Request): void => void this.requests.push(`${asked.method()} ${asked.url()}`);
    context.on('request', request);
    context.on('page', (other) => {
      if (other !== page) incidents.push(`opened ${other.url()}`);
    });
    context.on('dialog', (dialog) => {
      incidents.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('console', (message) => {
      if (message.type() === 'error') incidents.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => incidents.push(`uncaught: ${String(error.error())}`));
    page.on('download', (download) => incidents.push(`download: ${download.url()}`));
    page.on('websocket', (socket) => this.requests.push(`WS ${socket.url()}`));
  }

  /** Requests to anywhere else. @param origin as `http://127.0.0.1:8080` */
  beyond(origin: string): string[] {
    return this.requests.filter((request) => !request.slice(request.indexOf(' ') + 1).startsWith(`${origin}/`));
  }

  /** Whether hostile text ran in the page. */
  owned(): Promise<boolean> {
    return this.page.evaluate(`globalThis.${OWNED} !== undefined`);
  }

  /** How far the page can be scrolled sideways, pixels: its layout is lost when that is more than nothing. */
  sideways(): Promise<number> {
    return this.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
