/** How the leaves of a file hang together with its head. */
import type { Expirable } from './expiry';
import type { Head, Keys } from './head';
import { ExportProblem } from './problem';
import type { EntryRecord, GoneRecord, Revelation } from './record';

export interface BodyFacts {
  head: Head;
  keys: Keys;
  expirable: Expirable;
  /** Heads that somebody kept; the file must agree with them. */
  held: readonly Head[];
  revealed: readonly Revelation[];
}

export interface Leaves {
  add(record: EntryRecord | GoneRecord, hash: Uint8Array): void;
  finish(): void;
}

export const cannotCompare = (held: Head): ExportProblem =>
  new ExportProblem(
    'HEAD_NOT_COMPARABLE',
    `This file cannot be compared with the head of ${held.size} leaves that you kept: export a range that begins before it and ends after it.`,
  );

export const outOfOrder = (leafIndex: number): ExportProblem =>
  new ExportProblem('LEAF_MISPLACED', `Leaf ${leafIndex} is there twice, or out of its order.`, leafIndex);
