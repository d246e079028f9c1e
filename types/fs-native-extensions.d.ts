/** fs-native-extensions 1.5 ships no types. Only what platform/home-lock.ts uses. */
declare module 'fs-native-extensions' {
  /**
   * Exclusive lock that belongs to the open file: on a byte range (Linux, Windows) or the whole of it (macOS). False when
   * another open file holds it; other failures throw with a `code`.
   */
  export function tryLock(fd: number, offset?: number, length?: number): boolean;
  /** Gives up what {@link tryLock} took. */
  export function unlock(fd: number, offset?: number, length?: number): void;
}
