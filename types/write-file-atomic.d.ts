/** write-file-atomic 7 ships no types. Only what platform/private-files.ts uses. */
declare module 'write-file-atomic' {
  interface Options {
    mode?: number;
    fsync?: boolean;
    /** Called with the temporary file's path after it was opened and before `data` is written to it. */
    tmpfileCreated?: (temporary: string) => void;
  }
  const writeFileAtomic: {
    /** `data` undefined: writes nothing itself. */
    sync(path: string, data: Uint8Array | string | undefined, options?: Options): void;
  };
  export default writeFileAtomic;
}
