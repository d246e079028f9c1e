/** What axe-core finds wrong with a page for people who hear it or use it without a mouse. */
import type { Page } from 'playwright-core';
import axe, { type AxeResults } from 'axe-core';

/** Serious and critical ones, each with where it is; the window must have been opened without CSP, for axe is injected. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations: all }: AxeResults = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  const bad = all.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return bad.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}
