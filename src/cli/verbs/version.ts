/** `version`. */
import { PRODUCT_VERSION } from '../../protocol/version.ts';
import { EXIT } from '../output/error.ts';
import type { VerbContext } from '../verb.ts';

export async function run({ json, out }: VerbContext): Promise<number> {
  if (json) out.json({ v: 1, version: PRODUCT_VERSION });
  else out.line(`teammate-sync ${PRODUCT_VERSION}`);
  return EXIT.done;
}
