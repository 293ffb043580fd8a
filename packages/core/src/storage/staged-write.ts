/** At what version the document must be, for the commit to stand; `absent`: it must not exist yet. */
export type Expectation = { version: string } | 'absent' | 'present' | 'anything';

/** The names that lead to a number, and what is added to it. */
export interface Increment {
  field: string[];
  add: number;
}

/** A write that waits for the commit. */
export type StagedWrite = { path: string; expects: Expectation } & (
  | { kind: 'set'; data: Record<string, unknown> }
  /** These fields, the others as they are. */
  | { kind: 'update'; data: Record<string, unknown> }
  | { kind: 'delete' }
  /** Adds to numbers, wherever in the document they are, without reading them; sets these fields as well. */
  | { kind: 'increment'; by: Increment[]; data: Record<string, unknown> }
);
