/** When a device's own record counts as gone from GitHub. */
import { expect, it } from 'vitest';
import { GITHUB_SECOND_NO_MS } from '../../src/protocol/limits.ts';
import { People, recordFileName } from '../../src/identity/index.ts';
import { OwnListing } from '../../src/identity/own-listing.ts';
import { ORG, startScene } from '../github/harness.ts';
import { keysOf } from '../support/device.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { tempDir } from '../support/tmp-dir.ts';
import { codeOfAsync, NOW, record } from './support.ts';

it('once is a list that lags; twice, long enough apart, is told once, and so is its return', () => {
  const listing = new OwnListing();
  expect(listing.saw(true, 0)).toBeNull();
  expect(listing.saw(false, 1000)).toBeNull();
  expect(listing.saw(false, 1000 + GITHUB_SECOND_NO_MS - 1)).toBeNull();
  expect(listing.saw(true, 2000)).toBeNull();
  // From the start again; a clock that is set back meanwhile does not make it never.
  expect(listing.saw(false, 1_000_000_000)).toBeNull();
  expect(listing.saw(false, 5000)).toBeNull();
  expect(listing.saw(false, 5000 + GITHUB_SECOND_NO_MS)).toBe(false);
  expect(listing.saw(false, 5000 + 2 * GITHUB_SECOND_NO_MS)).toBeNull();
  expect(listing.saw(true, 6000)).toBe(true);
  expect(listing.saw(true, 7000)).toBeNull();
});

it('is told of a gist that somebody deleted or spoiled, and not of what GitHub does not say', async () => {
  const scene = await startScene();
  const { standIn } = scene;
  const clock = new ManualClock(NOW);
  const directory = scene.directory({ clock });
  const me = { uid: 1001, login: 'Marie-T' };
  const own = record('marie', {
    ...{ host: directory.host, uid: me.uid, login: 'marie-t' },
    expires: NOW / 1000 + 1e8,
  });
  const people = new People({
    ...{ directory, me, clock, host: directory.host, org: { id: 9009, login: ORG } },
    ...{ ownRecord: () => own, pinsPath: `${tempDir()}/pins.json`, warn: () => {} },
  });
  const told: boolean[] = [];
  people.on('ownListed', (isListed) => told.push(isListed));
  const files = { [recordFileName(keysOf('marie').sign.publicKey)]: own.text };
  const { id } = standIn.putGist({ owner: me.login, files });
  const look = async (): Promise<string> => {
    clock.pass(GITHUB_SECOND_NO_MS);
    return codeOfAsync(people.refresh(me));
  };
  await look();
  standIn.addFault({ status: 503, times: null });
  expect([await look(), await look(), told]).toEqual(['GITHUB_UNREACHABLE', 'GITHUB_UNREACHABLE', []]);
  standIn.clearFaults();
  standIn.deleteGist(id);
  expect([await look(), told]).toEqual(['taken', []]);
  expect([await look(), told]).toEqual(['taken', [false]]);
  standIn.putGist({ owner: me.login, files });
  expect([await look(), told]).toEqual(['taken', [false, true]]);
});
