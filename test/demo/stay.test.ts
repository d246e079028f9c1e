/** What `npm run demo -- --stay` gives: two terminals, and a conversation that says what is typed. */
import { execFile } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ProcessWorld } from '../support/process-world/index.ts';
import { productDir } from '../support/product.ts';
import { until } from '../support/until.ts';
import { stay } from './stay.ts';
import { Story } from './story.ts';

const sh = promisify(execFile);

it('makes a terminal of each person, until its input ends', async () => {
  const world = await ProcessWorld.start(productDir);
  try {
    const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })];
    let told = '';
    output.on('data', (text: string) => (told += text));
    const stayed = stay(new Story(output as unknown as NodeJS.WriteStream), world, input);
    await until(() => told.includes('Ctrl-C'), { what: 'the terminals' });
    const files = [...told.matchAll(/\. (\/\S+\.sh)$/gm)].map(([, file]) => file ?? '');
    expect(files).toHaveLength(2);
    // A shell of neither: all that it has of them comes from the file.
    const env = { PATH: process.env['PATH'] };
    const types = async (of: number, line: string): Promise<string> =>
      (await sh('sh', ['-c', `. ${files[of]}; ${line}`], { env, cwd: '/' })).stdout;
    expect(await types(0, 'teammate-sync share sam')).toMatch(/sam\s+invited/);
    await until(async () => (await types(1, 'teammate-sync connections')).includes('about webshop'), {
      what: 'the invite',
    });
    expect(await types(1, 'teammate-sync accept marie')).toContain('Connected with marie');
    input.write('and the timeout?\n');
    await until(async () => (await types(1, 'teammate-sync show marie')).includes('and the timeout?'), {
      what: 'what was typed to be read by Sam',
    });
    input.end();
    await stayed;
  } finally {
    await world.close();
  }
});
