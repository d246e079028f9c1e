/** Each view for those who see it, on a phone and on a wide screen, in the light and in the dark, and for those who hear it. */
import { describe, expect, it } from 'vitest';
import { violations } from './support/axe.ts';
import { type Desk, VIEWS } from './support/desk.ts';
import { plant, type Planted } from './support/planted.ts';
import { type Stage, useStage } from './support/stage.ts';

const WIDTHS = [360, 1440] as const;

let stage: Stage;
let planted: Planted;
useStage(async (made) => {
  stage = made;
  planted = await plant(made.world);
});

describe.each(['marie', 'sam'] as const)('for %s, every view', (who) => {
  it('has nothing serious that axe finds, and nothing beside the screen, light and dark, narrow and wide', async () => {
    const desk = await stage.desk(planted[who], { withoutCsp: true });
    const found: string[] = [];
    for (const view of VIEWS) {
      await desk.go(view);
      found.push(...(await faultsOf(desk, view)));
    }
    expect(found).toEqual([]);
  });

  it('shows nothing that moves to who does not want it', async () => {
    const desk = await stage.desk(planted[who], { reducedMotion: true });
    for (const view of VIEWS) {
      await desk.go(view);
      expect(await desk.page.evaluate(MOVING)).toEqual([]);
    }
  });
});

/** What moves for longer than the eye notices. */
const MOVING = `document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().activeDuration) > 50)
  .map((animation) => animation.effect.target.className)`;

async function faultsOf(desk: Desk, view: string): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await desk.page.setViewportSize({ width, height: 800 });
    const sideways = await desk.window.sideways();
    if (sideways > 0) found.push(`${view} at ${width}: ${sideways} pixels beside the screen`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await desk.page.emulateMedia({ colorScheme });
      found.push(...(await violations(desk.page)).map((one) => `${view} at ${width}, ${colorScheme}: ${one}`));
    }
  }
  return found;
}
