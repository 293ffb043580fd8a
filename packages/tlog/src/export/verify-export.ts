/**
 * Checks an export with nothing but the file and, if there is one, a key that came from somewhere else. It reads each byte once
 * and keeps as much in memory as the tree has levels.
 */
import { toHex } from '../bytes';
import { runningSha256, utf8 } from '#crypto';
import type { VerifierKey } from '../note';
import { beginBody, type Body } from './body';
import {
  encodeRecord,
  formatOf,
  headingOf,
  isHeading,
  lineEndOf,
  recordInLine,
  type FileFacts,
  type LineEnd,
} from './formats';
import { expirableIn, type Expirable } from './expiry';
import { headIn, keysFor, type Head, type Keys } from './head';
import { linesOf } from './lines';
import { parseRecord } from './parse-record';
import { ExportProblem, type ExportProblemCode } from './problem';
import type { EndRecord, ExportFormat, ExportRecord, HeaderRecord, Revelation } from './record';

export interface Wanted {
  /** Keys of the log that came from somewhere else than the file. */
  keys?: readonly VerifierKey[];
  /** A signed head that was kept: the file must agree with it. */
  held?: readonly string[];
  /** Fields that were revealed since. */
  revealed?: readonly Revelation[];
  now: Date;
  /** Told how many bytes were read, now and then. */
  onProgress?: (bytes: number) => void;
}

export interface Problem {
  /** From 1; null when it is about the file as a whole. */
  line: number | null;
  leafIndex: number | null;
  /** What kind of problem it is, for a program; `what` says it for people. */
  code: ExportProblemCode;
  what: string;
}

/** What was found out about a file, up to its first problem if it has one. */
export interface Verdict {
  ok: boolean;
  problem: Problem | null;
  header: HeaderRecord | null;
  head: { origin: string; size: number; signedAt: string; key: string } | null;
  /** Whether a key from elsewhere vouches for the origin, or the file's own for its consistency alone. */
  origin: 'proven' | 'not proven';
  /** Of the period that was asked for; all, where none was. */
  entries: number;
  /** Around the period: they prove that none of it is missing. */
  outside: number;
  expired: number;
  /** What shows that they expired: a run that is a leaf of the log, or (files of the first version) their age alone; null when none did. */
  expiryShownBy: 'run' | 'age' | null;
  firstAt: string | null;
  lastAt: string | null;
  /** Fields that are withheld in the file, and those that what was revealed opens. */
  revealed: number;
}

/** Clocks of machines differ; a file that was made later than this from now was made by someone who lies about it. */
const CLOCKS_DIFFER_MS = 60 * 60_000;

export const verifyExport = async (chunks: AsyncIterable<Uint8Array>, wanted: Wanted): Promise<Verdict> => {
  const reader = new ExportReader(wanted);
  try {
    for await (const lines of linesOf(counted(chunks, wanted.onProgress))) for (const line of lines) reader.take(line);
    reader.end();
  } catch (error) {
    if (!(error instanceof ExportProblem)) throw error;
    return reader.verdict({ line: reader.line, leafIndex: error.leafIndex, code: error.code, what: error.message });
  }
  return reader.verdict(null);
};

const counted = async function* (
  chunks: AsyncIterable<Uint8Array>,
  onProgress: Wanted['onProgress'],
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    bytes += chunk.length;
    onProgress?.(bytes);
  }
};

/** Takes lines in their order; what it knows grows with each, and it throws at the first that is wrong. */
class ExportReader {
  line: number | null = null;
  readonly #wanted: Wanted;
  readonly #digest = runningSha256();
  #format: ExportFormat | undefined;
  #lineEnd: LineEnd | undefined;
  #facts: FileFacts | undefined;
  #heading: string | null = null;
  #header: HeaderRecord | undefined;
  #head: Head | undefined;
  #keys: Keys | undefined;
  #expirable: Expirable | undefined;
  #body: Body | undefined;
  #finished = false;
  #seen = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  take(text: string): void {
    this.#seen += 1;
    this.line = this.#seen;
    if (this.#finished) throw new ExportProblem('LINE_ADDED', 'Something was added after the end of the export.');
    this.#format ??= formatOf(text);
    const format = this.#format;
    const end: LineEnd = text.endsWith('\r') ? '\r\n' : '\n';
    const line = end === '\r\n' ? text.slice(0, -1) : text;
    // Muster 0.1.0 ended the lines of CSV as those of the other formats; a file has one end of lines, that of its first.
    this.#lineEnd ??= end;
    if (end !== this.#lineEnd || (end === '\r\n' && lineEndOf(format) !== end))
      throw new ExportProblem('LINE_DAMAGED', 'The ends of lines were changed: fetch the file anew.');
    if (this.#seen === 1 && isHeading(line, format)) {
      this.#heading = line;
      this.#digest.update(utf8(`${line}${end}`));
      return;
    }
    const record = parseRecord(recordInLine(line, format));
    this.#facts ??= factsOf(record, format, this.#heading);
    if (encodeRecord(record, this.#facts) !== line)
      throw new ExportProblem(
        'LINE_DAMAGED',
        'The line does not say what its record says: a column was changed, or something was added to it.',
        'leafIndex' in record ? record.leafIndex : null,
      );
    this.#takeRecord(record);
    if (record.kind !== 'end') this.#digest.update(utf8(`${line}${end}`));
  }

  #takeRecord(record: ExportRecord): void {
    switch (record.kind) {
      case 'header':
        if (this.#header) throw new ExportProblem('LINE_ADDED', 'The file has a second header.');
        this.#begin(record);
        break;
      case 'end':
        this.#takeEnd(record);
        break;
      case 'entry':
      case 'gone':
      case 'damaged':
        if (!this.#body) throw new ExportProblem('NOT_AN_EXPORT', 'The file does not begin with its header.');
        this.#body.take(record);
        break;
      default:
        record satisfies never;
    }
  }

  #begin(header: HeaderRecord): void {
    this.#header = header;
    const { now, keys: given, held = [] } = this.#wanted;
    const keys = keysFor(header, given);
    this.#keys = keys;
    const head = headIn(header.note, keys.keys, header.origin, 'The head of the log');
    this.#head = head;
    const createdAt = Date.parse(header.createdAt);
    if (createdAt > now.getTime() + CLOCKS_DIFFER_MS)
      throw new ExportProblem('HEADER_WRONG', `The file says that it was made later than now: ${header.createdAt}.`);
    if (head.signedAt.getTime() > createdAt + CLOCKS_DIFFER_MS)
      throw new ExportProblem('HEADER_WRONG', 'The file says that it was made before its head was signed.');
    const kept = held.map((note) => headIn(note, keys.keys, header.origin, 'The head that you kept'));
    this.#expirable = expirableIn(header, head, keys);
    this.#body = beginBody(header, {
      head,
      keys,
      expirable: this.#expirable,
      held: kept,
      revealed: this.#wanted.revealed ?? [],
    });
  }

  #takeEnd(end: EndRecord): void {
    if (!this.#body) throw new ExportProblem('NOT_AN_EXPORT', 'The file does not begin with its header.');
    this.#finished = true;
    const { entries, outside, gone, damaged } = this.#body.counts;
    const all = end.entries + (end.outside ?? 0);
    const isMarked = this.#header?.version !== 1;
    if (
      all !== entries + outside ||
      end.gone !== gone ||
      end.damaged !== damaged ||
      isMarked !== (end.outside !== undefined) ||
      (isMarked && end.outside !== outside)
    )
      throw new ExportProblem(
        'END_WRONG',
        `The end of the file counts ${all} entries and ${end.gone} that are gone; there are ${entries + outside} and ${gone}.`,
      );
    this.#body.finish();
    if (toHex(this.#digest.digest()) !== end.digest)
      throw new ExportProblem(
        'END_WRONG',
        'The digest at the end is not that of the lines before it: the file was changed.',
      );
  }

  end(): void {
    this.line = null;
    if (!this.#header) throw new ExportProblem('FILE_CUT', 'The file is empty.');
    if (!this.#finished)
      throw new ExportProblem(
        'FILE_CUT',
        'The file has no end: it was cut, or the export was not finished (muster audit export --resume).',
      );
  }

  verdict(problem: Problem | null): Verdict {
    const counts = this.#body?.counts;
    return {
      ok: problem === null,
      problem,
      header: this.#header ?? null,
      head: this.#head ? headOf(this.#head) : null,
      origin: this.#keys?.given ? 'proven' : 'not proven',
      entries: counts?.entries ?? 0,
      outside: counts?.outside ?? 0,
      expired: counts?.gone ?? 0,
      expiryShownBy: counts && counts.gone > 0 ? (this.#expirable?.shownBy ?? null) : null,
      firstAt: counts?.firstAt ?? null,
      lastAt: counts?.lastAt ?? null,
      revealed: counts?.revealed ?? 0,
    };
  }
}

const headOf = ({ origin, size, signedAt, key }: Head): NonNullable<Verdict['head']> => ({
  origin,
  size,
  signedAt: signedAt.toISOString(),
  key: `${key.name}+${toHex(key.hash)}`,
});

const factsOf = (record: ExportRecord, format: FileFacts['format'], heading: string | null): FileFacts => {
  if (record.kind !== 'header') throw new ExportProblem('NOT_AN_EXPORT', 'The file does not begin with its header.');
  if (record.format !== format)
    throw new ExportProblem('HEADER_WRONG', `The header says that the file is ${record.format}, and it is ${format}.`);
  if (heading !== headingOf(record))
    throw new ExportProblem('LINE_DAMAGED', 'The first line of the file is not that of its version.');
  return record;
};
