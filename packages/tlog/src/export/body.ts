/** The leaves of an export, one after the other: each for itself, and all together. */
import { sameBytes } from '../bytes';
import { commitmentTo, hashOfLeaf, PERSONAL_FIELDS, personalFieldsOf, type Leaf, type PersonalField } from '../leaf';
import type { Expirable } from './expiry';
import { hashIn } from './head';
import { cannotCompare, type BodyFacts, type Leaves } from './leaves';
import { instant } from './parse-record';
import { ExportProblem } from './problem';
import { rangeOf } from './range-leaves';
import {
  outsideOf,
  type BodyRecord,
  type EntryRecord,
  type HeaderRecord,
  type Period,
  type Revelation,
} from './record';
import { SeenIds } from './seen-ids';
import { selectionOf } from './selection-leaves';

export interface Counts {
  entries: number;
  outside: number;
  gone: number;
  damaged: number;
  revealed: number;
  firstAt: string | null;
  lastAt: string | null;
}

export interface Body {
  readonly counts: Counts;
  take(record: BodyRecord): void;
  finish(): void;
}

export const beginBody = (header: HeaderRecord, facts: BodyFacts): Body => {
  const leaves =
    'range' in header.scope ? rangeOf(header, header.scope.range, facts) : selectionOf(header.scope.selection, facts);
  return new CheckedBody(header, facts, leaves);
};

const EVERY_PERSONAL: ReadonlySet<PersonalField> = new Set(PERSONAL_FIELDS);

class CheckedBody implements Body {
  readonly counts: Counts = { entries: 0, outside: 0, gone: 0, damaged: 0, revealed: 0, firstAt: null, lastAt: null };
  readonly #header: HeaderRecord;
  readonly #facts: BodyFacts;
  readonly #leaves: Leaves;
  readonly #ids = new SeenIds();
  readonly #withheld: ReadonlySet<PersonalField>;
  readonly #period: Period | null;

  constructor(header: HeaderRecord, facts: BodyFacts, leaves: Leaves) {
    this.#header = header;
    this.#facts = facts;
    this.#leaves = leaves;
    this.#withheld = new Set(header.withheld);
    this.#period = 'range' in header.scope ? header.scope.range.period : null;
    const foreign = facts.revealed.find(({ origin }) => origin !== header.origin);
    if (foreign) throw new ExportProblem('REVELATION_WRONG', `What is revealed is of another log: ${foreign.origin}.`);
  }

  take(record: BodyRecord): void {
    if (record.kind === 'damaged') throw damagedProblem(record);
    const hash = hashIn(record.hash, 'a record');
    if (record.kind === 'gone') {
      if (record.leafIndex >= this.#facts.expirable.below)
        throw missingProblem(record.leafIndex, this.#facts.expirable);
      this.counts.gone += 1;
    } else this.#takeEntry(record, hash);
    this.#leaves.add(record, hash);
    if (record.kind === 'entry') this.#count(record);
  }

  #takeEntry(record: EntryRecord, hash: Uint8Array): void {
    const { leafIndex, leaf } = record;
    const id = String(leaf.id);
    instant(String(leaf.at), 'at');
    if (!sameBytes(hashOfLeaf(this.#leafOf(record)), hash))
      throw new ExportProblem(
        'LEAF_CHANGED',
        `The entry of leaf ${leafIndex} (${id}) is not what was sealed: its content was changed.`,
        leafIndex,
      );
    if (!this.#ids.add(id)) throw new ExportProblem('LEAF_MISPLACED', `The entry ${id} is there twice.`, leafIndex);
    for (const revelation of this.#facts.revealed)
      if (revelation.leafIndex === leafIndex) this.#reveal(record, revelation);
  }

  /** Files of the first version mark nothing; what is outside of their period is told all the same. */
  #count({ leafIndex, leaf, outside }: EntryRecord): void {
    const { version } = this.#header;
    const at = String(leaf.at);
    if (version === 1 && leaf.v !== 1)
      throw new ExportProblem('HEADER_WRONG', 'The file is of version 1, and has a leaf of a later one.', leafIndex);
    const found = outsideOf(this.#period, at);
    if (outside !== (version === 1 ? undefined : found))
      throw new ExportProblem(
        'LINE_DAMAGED',
        `Leaf ${leafIndex} is not marked for what it is: ${found === undefined ? 'within' : found} the period.`,
        leafIndex,
      );
    if (found !== undefined) {
      this.counts.outside += 1;
      return;
    }
    this.counts.entries += 1;
    if (this.counts.firstAt === null || at < this.counts.firstAt) this.counts.firstAt = at;
    if (this.counts.lastAt === null || at > this.counts.lastAt) this.counts.lastAt = at;
  }

  /** The leaf as it was hashed: what is shown is committed to anew, what is withheld stands for itself. */
  #leafOf({ leaf, shown, withheld, leafIndex, outside }: EntryRecord): Leaf {
    const commitments: Leaf['commitments'] = {};
    const kept = outside === undefined ? this.#withheld : EVERY_PERSONAL;
    for (const field of personalFieldsOf(leaf.v)) {
      const [opening, commitment] = [shown[field], withheld[field]];
      if ((opening === undefined) !== kept.has(field) || (opening === undefined) === (commitment === undefined))
        throw new ExportProblem(
          'LEAF_CHANGED',
          `The field ${field} of leaf ${leafIndex} is not shown or withheld as the header says.`,
          leafIndex,
        );
      commitments[field] = opening ? commitmentTo(field, opening) : (commitment as string);
    }
    return { ...leaf, commitments };
  }

  #reveal({ withheld, leafIndex }: EntryRecord, { field, salt, value }: Revelation): void {
    if (withheld[field] === undefined)
      throw new ExportProblem(
        'REVELATION_WRONG',
        `The field ${field} of leaf ${leafIndex} is not withheld in this file.`,
        leafIndex,
      );
    if (commitmentTo(field, { salt, value }) !== withheld[field])
      throw new ExportProblem(
        'REVELATION_WRONG',
        `What is revealed as ${field} of leaf ${leafIndex} is not what was sealed.`,
        leafIndex,
      );
    this.counts.revealed += 1;
  }

  finish(): void {
    this.#leaves.finish();
    if (this.counts.revealed !== this.#facts.revealed.length)
      throw new ExportProblem('REVELATION_WRONG', 'Something was revealed of an entry that is not in this file.');
    if ('selection' in this.#header.scope) this.#refuseHeld();
  }

  #refuseHeld(): void {
    for (const held of this.#facts.held)
      if (held.size !== this.#facts.head.size || !sameBytes(held.root, this.#facts.head.root))
        throw cannotCompare(held);
  }
}

const missingProblem = (leafIndex: number, { doubt, otherwise }: Expirable): ExportProblem =>
  new ExportProblem(
    doubt === null ? 'LEAF_MISSING' : 'EXPIRY_NOT_SHOWN',
    doubt === null
      ? `The entry of leaf ${leafIndex} is MISSING: ${otherwise}, so somebody removed it.`
      : `The entry of leaf ${leafIndex} is gone, and that it has expired is not shown. ${doubt}`,
    leafIndex,
  );

const damagedProblem = ({ leafIndex, id, damaged }: Extract<BodyRecord, { kind: 'damaged' }>): ExportProblem =>
  new ExportProblem(
    'ENTRY_DAMAGED',
    `The backend could not give ${leafIndex === null ? 'an entry' : `the entry of leaf ${leafIndex}`}${id === null ? '' : ` (${id})`} as it was sealed; it was damaged in the database: ${damaged.join(', ')}.`,
    leafIndex,
  );
