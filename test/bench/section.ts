/** What a section gets and what it gives. */
import type { Grounds } from './ground.ts';
import type { Table } from './table.ts';
import type { Target } from './target.ts';

export interface SectionContext {
  grounds: Grounds;
  quick: boolean;
  /** Tells whoever watches what is being done. */
  progress: (text: string) => void;
}

export interface SectionResult {
  /** For `--json`: numbers as measured, units in the names. */
  data: Readonly<Record<string, unknown>>;
  tables: Table[];
  /** What is promised of these figures. */
  targets?: Target[];
}

export type Section = (context: SectionContext) => Promise<SectionResult>;
