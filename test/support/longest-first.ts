/** The order of test files: those of whole lives and of real daemons first, so that none of them is left for the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const FIRST = ['/test/soak/', '/test/e2e/'];

function rank(path: string): number {
  const at = FIRST.findIndex((folder) => path.replaceAll('\\', '/').includes(folder));
  return at < 0 ? FIRST.length : at;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId));
  }
}
