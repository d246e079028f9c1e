/** Back-fill's figures, and as tables: the medians of the runs, and their highest peaks of memory. */
import type { BulkFloors } from './bulk-floors.ts';
import { median } from './statistics.ts';
import { linear, type Target } from './target.ts';
import { figure, megabytes, NOTHING, type Table, times } from './table.ts';

/** What one daemon used: bytes, and milliseconds of processor time. */
export interface Use {
  peakBefore: number | null;
  peak: number | null;
  cpuMs: number | null;
}

export interface Run {
  lines: number;
  sourceBytes: number;
  /** Turns that are shared, and their bytes as JSON: what remains of the source. */
  turns: number;
  keptBytes: number;
  /** Of the owner: from `share` until all is in the session core, nobody connected yet. */
  ingestMs: number;
  /** The slowest answer of the owner's local API meanwhile. */
  slowestAnswerMs: number;
  /** Of the recipient, from `accept`. */
  newestMs: number;
  fetchedMs: number;
  /** Reading all of it over the recipient's local API, afterwards. */
  readMs: number;
  owner: Use;
  recipient: Use;
  floors: BulkFloors;
}

interface Sized {
  megabytes: number;
  runs: Run[];
}

type Pick = (run: Run) => number;

export function timeTable(sizes: Sized[]): Table {
  const rows = sizes.flatMap(({ runs }) => {
    const source = median(runs.map((r) => r.sourceBytes));
    const size = megabytes(source);
    const row = (
      name: string,
      ms: Pick,
      floors: [tcp: Pick | null, core: Pick | null, kept: Pick | null],
    ): string[] => {
      const value = median(runs.map(ms));
      const ratios = floors.map((floor) => (floor ? times(value, median(runs.map(floor))) : ''));
      const all = runs.length > 1 ? runs.map((r) => figure(ms(r) / 1000)).join(' ') : '';
      return [name, size, figure(value / 1000), figure(source / 1e6 / (value / 1000)), ...ratios, all];
    };
    const tcp: Pick = (r) => r.floors.tcpMs;
    const fetch: Pick = (r) => r.floors.fetchMs;
    const kept: Pick = (r) => r.floors.fetchKeptMs;
    return [
      row('owner: share → caught up', (r) => r.ingestMs, [tcp, (r) => r.floors.appendMs, null]),
      row('recipient: accept → newest turn readable', (r) => r.newestMs, [null, null, null]),
      row('recipient: accept → all fetched', (r) => r.fetchedMs, [tcp, fetch, kept]),
      row('recipient: reading all over the local API', (r) => r.readMs, [null, null, null]),
      row('floor: plain TCP', tcp, [null, null, null]),
      row('floor: raw hypercore, append of 64-KB blocks', (r) => r.floors.appendMs, [null, null, null]),
      row('floor: raw hypercore, fetch of 64-KB blocks', fetch, [null, null, null]),
      row('floor: the same, only as many bytes as are kept', kept, [null, null, null]),
    ];
  });
  const about = sizes.map(({ runs }) => {
    const [run] = runs;
    if (!run) return '';
    const { lines, sourceBytes, turns, keptBytes, slowestAnswerMs } = run;
    return (
      `${megabytes(sourceBytes)} MB: ${lines} lines; kept ${turns} turns of ${megabytes(keptBytes)} MB; ` +
      `slowest answer of the owner's local API while catching up: ${figure(slowestAnswerMs)} ms.`
    );
  });
  return {
    title: '2. Back-fill: time',
    columns: ['', 'source MB', 's', 'MB/s of source', '÷ TCP', '÷ core', '÷ core, kept bytes', 'runs'],
    rows,
    notes: [
      'Medians. "÷": as a multiple of that floor, of the same size; "share → caught up" beside the append, "all',
      'fetched" beside the fetch. The floors carry all bytes of the source, and redact nothing.',
      ...about,
    ],
  };
}

export function memoryTable(sizes: Sized[]): Table {
  const rows = sizes.flatMap(({ runs }) => {
    const size = megabytes(median(runs.map((r) => r.sourceBytes)));
    const most = (of: (run: Run) => number | null): number | null => {
      const values = runs.map(of).filter((value) => value !== null);
      return values.length === 0 ? null : Math.max(...values);
    };
    const row = (name: string, use: (run: Run) => Use, floor: (run: Run) => number | null): string[] => {
      const cpu = runs.map((r) => use(r).cpuMs).filter((ms) => ms !== null);
      const peak = most((r) => use(r).peak);
      return [
        name,
        size,
        megabytes(most((r) => use(r).peakBefore)),
        megabytes(peak),
        megabytes(most(floor)),
        times(peak, most(floor)),
        cpu.length === 0 ? NOTHING : figure(median(cpu) / 1000),
      ];
    };
    return [
      row(
        "owner's daemon",
        (r) => r.owner,
        (r) => r.floors.ownerPeak,
      ),
      row(
        "recipient's daemon",
        (r) => r.recipient,
        (r) => r.floors.readerPeak,
      ),
    ];
  });
  return {
    title: '2. Back-fill: peak memory (RSS), and processor time from share to all fetched',
    columns: ['', 'source MB', 'peak before, MB', 'peak after, MB', 'raw core peer, MB', '÷ raw core peer', 'CPU s'],
    rows,
    notes: ['VmHWM of /proc/<pid>/status. The raw peer carried the source and the kept bytes, one after the other.'],
  };
}

/** The largest size against the one before it. */
export function growthTargets(sizes: Sized[]): Target[] {
  const [small, large] = [sizes.at(-2), sizes.at(-1)];
  if (!small || !large) return [];
  const grows = (what: string, unit: string, cost: Pick): Target => {
    const at = ({ megabytes: amount, runs }: Sized): { amount: number; cost: number } => ({
      amount,
      cost: median(runs.map(cost)),
    });
    return linear(`MB of transcript, ${what}`, unit, at(small), at(large));
  };
  const peak = (use: Use): number => (use.peak ?? Number.NaN) / 1e6;
  return [
    grows('share to caught up', 'ms', (r) => r.ingestMs),
    grows('accept to newest turn', 'ms', (r) => r.newestMs),
    grows('accept to all fetched', 'ms', (r) => r.fetchedMs),
    grows("owner's peak of memory", 'MB', (r) => peak(r.owner)),
    grows("recipient's peak of memory", 'MB', (r) => peak(r.recipient)),
  ];
}
