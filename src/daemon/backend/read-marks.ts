/** Reading leaves a receipt with the owner, and whoever reads is told so once. */
import type { HeldGeneration } from '../../inbox/index.ts';
import type { LineRange } from '../../protocol/local-api.ts';
import { Runs } from '../receipts/ranges.ts';
import type { Rooms } from '../rooms.ts';

interface Place {
  source: string;
  line: number;
}

/** Of one session, while it is read with one thing. */
export class ReadMarks {
  readonly #rooms: Rooms;
  readonly #reader: string;
  readonly #runs = new Runs();

  constructor(rooms: Rooms, reader: string) {
    this.#rooms = rooms;
    this.#reader = reader;
  }

  /** A turn is shown that follows on the one before. */
  turn(held: readonly HeldGeneration[], place: Place): void {
    this.lines(held, place.source, this.#runs.add(place));
  }

  /** Something is left out here. */
  gap(): void {
    this.#runs.break();
  }

  /** Lines are shown. @param held of the session that they are of */
  lines(held: readonly HeldGeneration[], source: string, range: LineRange): void {
    const { from, session } = held.at(-1)?.replica.grant ?? {};
    if (!from || session === undefined) return;
    this.#rooms.receipts.note({ ...from, session, reader: this.#reader }, source, range);
  }
}

/** One line for whoever reads of these people for the first time on this machine; from now on it was told. */
export function toldOnce(rooms: Rooms, people: readonly { uid: number; login: string }[]): { told?: string } {
  const keyOf = (uid: number): string => `receipts ${uid}`;
  const seeing = people.filter(({ uid }) => {
    const links = rooms.swarm.linksOf(uid);
    // An owner of an older version hears nothing.
    return links.length === 0 || links.some((link) => link.can('receipts'));
  });
  const fresh = new Set(rooms.told.takeNew(seeing.map(({ uid }) => keyOf(uid))));
  const names = seeing.filter(({ uid }) => fresh.has(keyOf(uid))).map(({ login }) => login);
  if (names.length === 0) return {};
  return {
    told: `${names.join(', ')} ${names.length === 1 ? 'sees' : 'see'} which lines you read, never your question`,
  };
}
