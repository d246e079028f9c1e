/** Whether to colour. */

/** Only for a person at a terminal that can, who did not ask for none (https://no-color.org). */
export function wantsColour(isTTY: boolean, env: NodeJS.ProcessEnv): boolean {
  return isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
