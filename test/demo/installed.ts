/**
 * Two people with an installed package, whose command line is the first argument: one shares a secret with the other, who
 * reads its mark. So the daemon, its redaction thread and the packages they load are all there and work together.
 */
import path from 'node:path';
import { ProcessWorld } from '../support/process-world/index.ts';
import { until } from '../support/until.ts';

const [cli = ''] = process.argv.slice(2);
const token = ['gh', 'p_', 'Z9y8X7w6V5u4T3s2R1q0P9o8N7m6L5k4J3i2'].join('');

const world = await ProcessWorld.start({ cli, githubStandIn: path.join(import.meta.dirname, 'github-stand-in.mjs') });
process.once('exit', () => world.end());
try {
  const [marie, sam] = await world.readyPeople('marie', 'sam');
  const claude = await marie.claude('webshop', `the key is ${token}`);
  await marie.ok(['share', 'sam', '--session', claude.session]);
  await until(async () => (await sam.client.call('connections')).pendingIn.length > 0, { what: 'the invite' });
  await sam.ok(['accept', 'marie']);
  await until(async () => (await sam.run(['show', 'marie'])).stdout.includes('[redacted:github-token:'), {
    what: 'the masked line at the teammate',
  });
  if ((await sam.ok(['show', 'marie'])).includes(token)) throw new Error('the secret was not masked');
} finally {
  await world.close();
}
