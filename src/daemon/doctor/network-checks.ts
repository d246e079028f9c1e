/** Whether the DHT can be reached from here, asked by a node of its own that tells nobody anything. */
import HyperDHT from 'hyperdht';
import type { NetworkFound } from '../../protocol/doctor.ts';
import type { Settings } from '../settings.ts';

/** A node that was not answered by then is not going to be: one request is given up after a few seconds. */
const ANSWER_MS = 6000;
const POLL_MS = 50;
/** After the first answer: others tell by what address they see this machine. */
const SETTLE_MS = 1500;

export async function lookAtNetwork({ bootstrap, loopback }: Settings): Promise<NetworkFound> {
  const dht = new HyperDHT({ bootstrap, ...(loopback ? { host: '127.0.0.1' } : {}) });
  const answered = (): boolean => dht.stats.requests.responses > 0;
  try {
    await within(ANSWER_MS, answered);
    if (answered()) await within(SETTLE_MS, () => dht.bootstrapped);
    const nat = !dht.firewalled ? 'open' : dht.host === null ? 'unknown' : dht.randomized ? 'random' : 'consistent';
    return { answered: answered(), nat, bootstrap };
  } finally {
    await dht.destroy({ force: true }).catch(() => {});
  }
}

async function within(ms: number, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition() && performance.now() < deadline) {
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
}
