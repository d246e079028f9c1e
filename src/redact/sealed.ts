/** The brand of what went through redaction. This file is not in the room's door: nothing outside can give it. */

declare const brand: unique symbol;

/** A T that went through redaction. The brand is not exported, so nothing else can make one without a cast. */
export type Redacted<T> = T & { readonly [brand]: true };

/** The only place where the brand is given. */
export function seal<T>(masked: T): Redacted<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the brand exists for the compiler alone
  return masked as Redacted<T>;
}
