/** GitHub's client is loaded by the first question to GitHub, and a daemon that starts asks nothing before it answers. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pathsOf } from '../../src/daemon/index.ts';
import { createGithubDirectory } from '../../src/github/index.ts';
import { People } from '../../src/identity/index.ts';
import { until } from '../support/until.ts';
import { World } from '../support/world/index.ts';

let loads = 0;
vi.mock('@octokit/core', (original) => {
  loads++;
  return original<object>();
});

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.close());

it('is loaded by a question, and a starting daemon asks when its local API answers', async () => {
  const marie = world.member('marie');
  const directory = createGithubDirectory({ apiBase: world.github.url, token: async () => 'none', version: '1' });
  expect(directory.contact().answeredAt).toBeNull();
  // A turn of the loop, in which a load would begin.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  expect(loads).toBe(0);
  await marie.init();
  expect(loads).toBe(1);
  const listening: boolean[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const { start } = People.prototype;
  vi.spyOn(People.prototype, 'start').mockImplementation(function begin(this: People) {
    listening.push(existsSync(pathsOf(marie.env).socket));
    start.call(this);
  });
  await marie.start();
  expect(listening).toEqual([true]);
  await until(() => marie.rooms.directory.contact().answeredAt !== null, { what: 'GitHub to answer' });
});
