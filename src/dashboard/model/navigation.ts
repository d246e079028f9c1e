/** Going about in the page: the address after `#` is where one is, so that back, forward and a reload work. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { type Place, placeOf } from './place.ts';

const hash = signal(location.hash);
globalThis.addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** Where one is. */
export const place: ReadonlySignal<Place> = computed(() => placeOf(hash.value));

/** @param path as `hashOf` says it: `#/mine/…` */
export function go(path: string): void {
  location.hash = path;
}
