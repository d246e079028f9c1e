/**
 * The user has compared the safety number with somebody, over another channel. It holds for the devices that the number was
 * of, on both sides; with any other set the number is another one. Pure.
 */

/** Sign keys of both persons' devices when the number was compared, and when that was, unix milliseconds. */
export interface Compared {
  at: number;
  own: string[];
  theirs: string[];
}

/** A device by which the number of now differs from the compared one. */
export interface ComparedChange {
  sign: string;
  whose: 'own' | 'theirs';
  is: 'new' | 'gone';
}

/** Empty: the compared number is that of now. */
export function comparedChanges(compared: Compared, own: string[], theirs: string[]): ComparedChange[] {
  const side = (whose: 'own' | 'theirs', before: string[], now: string[]): ComparedChange[] => [
    ...now.filter((sign) => !before.includes(sign)).map((sign) => ({ sign, whose, is: 'new' as const })),
    ...before.filter((sign) => !now.includes(sign)).map((sign) => ({ sign, whose, is: 'gone' as const })),
  ];
  return [...side('theirs', compared.theirs, theirs), ...side('own', compared.own, own)];
}
