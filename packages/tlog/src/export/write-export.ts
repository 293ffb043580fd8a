/** Writes an export line by line; what it keeps is counts and a digest. */
import { toHex } from '../bytes';
import { runningSha256, utf8 } from '#crypto';
import { encodeRecord, headingOf, lineEndOf } from './formats';
import { parseRecord } from './parse-record';
import { ExportProblem } from './problem';
import type { BodyRecord, HeaderRecord } from './record';

/** What an export that was interrupted goes on from, besides the bytes that it wrote. */
export interface WriterState {
  entries: number;
  outside: number;
  gone: number;
  damaged: number;
}

export class ExportWriter {
  readonly #header: HeaderRecord;
  readonly #counts: WriterState;
  readonly #digest = runningSha256();

  /** To go on with an export: its counts, and then `rewrite` for every byte that was written. */
  constructor(header: HeaderRecord, counts: WriterState = { entries: 0, outside: 0, gone: 0, damaged: 0 }) {
    this.#header = inOrder(header);
    this.#counts = { ...counts };
  }

  get counts(): WriterState {
    return { ...this.#counts };
  }

  /** Takes bytes that were written before. */
  rewrite(bytes: Uint8Array): void {
    this.#digest.update(bytes);
  }

  begin(): string {
    const heading = headingOf(this.#header);
    return `${heading === null ? '' : this.#line(heading)}${this.#line(encodeRecord(this.#header, this.#header))}`;
  }

  add(record: BodyRecord): string {
    if (record.kind !== 'entry') this.#counts[record.kind] += 1;
    else if (record.outside === undefined) this.#counts.entries += 1;
    else this.#counts.outside += 1;
    return this.#line(encodeRecord(record, this.#header));
  }

  end(): string {
    const digest = toHex(this.#digest.digest());
    return `${encodeRecord({ kind: 'end', ...this.#counts, digest }, this.#header)}${lineEndOf(this.#header.format)}`;
  }

  #line(text: string): string {
    const line = `${text}${lineEndOf(this.#header.format)}`;
    this.#digest.update(utf8(line));
    return line;
  }
}

/** Whoever made the header, its fields are written in the order in which they are checked. */
const inOrder = (header: HeaderRecord): HeaderRecord => {
  const record = parseRecord(header);
  if (record.kind !== 'header') throw new ExportProblem('NOT_AN_EXPORT', 'An export begins with a header.');
  return record;
};
