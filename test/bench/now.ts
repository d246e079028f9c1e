/** The monotonic clock in milliseconds. All processes of a machine share its zero, so a time of one is one of the other. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
