/** Maps that keep what was noted last, and no more than so much. */

/** Notes a value as the newest of all; beyond `most` the one that was noted longest ago goes. */
export function setNewest<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
