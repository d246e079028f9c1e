/** What the tests of one file share: a workspace with daemons, and the browser. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished } from 'vitest';
import { World } from '../../support/world/index.ts';
import { type ChromiumOptions, launchChromium } from './chromium.ts';
import { Desk, type Host } from './desk.ts';
import { Window, type WindowOptions } from './window.ts';

export class Stage {
  readonly world: World;
  readonly browser: Browser;
  readonly #desks: Desk[] = [];

  constructor(world: World, browser: Browser) {
    this.world = world;
    this.browser = browser;
  }

  /** The dashboard of somebody, until the test has finished. */
  async desk(host: Host, options: WindowOptions = {}): Promise<Desk> {
    const desk = await Desk.open(this.browser, host, options);
    this.#desks.push(desk);
    return desk;
  }

  /** An empty window, until the test has finished. */
  async window(options: WindowOptions = {}): Promise<Window> {
    const window = await Window.open(this.browser, options);
    onTestFinished(() => window.close());
    return window;
  }

  /** Closes what is open. @returns what the pages did beside what they are for, each of them a fault */
  async leave(): Promise<string[]> {
    const desks = this.#desks.splice(0);
    await Promise.all(desks.map((desk) => desk.close()));
    return desks.flatMap((desk) => desk.faults());
  }
}

/** @param set given the stage before the first test */
export function useStage(set: (stage: Stage) => void | Promise<void>, options: ChromiumOptions = {}): void {
  let stage: Stage | null = null;
  beforeAll(async () => {
    const [world, browser] = await Promise.all([World.start(), launchChromium(options)]);
    stage = new Stage(world, browser);
    await set(stage);
  });
  // In every test of the page, whatever it is about.
  afterEach(async () => expect(await stage?.leave()).toEqual([]));
  afterAll(async () => {
    await stage?.browser.close();
    await stage?.world.close();
  });
}
