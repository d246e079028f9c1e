/** The list of turns of a session that is open on the page. */
import type { Locator } from 'playwright-core';
import { until } from '../../support/until.ts';
import type { Desk } from './desk.ts';

/** Opens a session of theirs from the list. */
export async function openTheirs(desk: Desk, project: string): Promise<Locator> {
  await desk.go('Theirs');
  await desk.main.getByRole('link', { name: project, exact: true }).click();
  const turns = desk.main.getByRole('feed', { name: 'Turns' });
  await turns.waitFor();
  return turns;
}

/** Resolves when it is drawn within what is seen of the list. */
export async function inView(turns: Locator, line: number): Promise<void> {
  const row = turns.getByRole('article', { name: `Line ${line}`, exact: true });
  await until(
    async () => {
      const [list, one] = [await turns.boundingBox(), await row.boundingBox({ timeout: 1000 })];
      return list !== null && one !== null && one.y + one.height > list.y && one.y < list.y + list.height;
    },
    { what: `line ${line} in view`, timeoutMs: 15_000 },
  );
}
