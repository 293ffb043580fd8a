/** Single changes of a file; who makes one may know how the digest at its end is made. */
import { signCheckpoint } from '@muster/tlog/checkpoint';
import { sha256, toBase64, utf8 } from '@muster/tlog/crypto';
import { encodeRecord, headingOf, recordInLine, type EndRecord, type HeaderRecord } from '@muster/tlog/export';
import { lineEndOf } from '@muster/tlog/export/formats';
import { toHex } from '@muster/tlog/bytes';
import { formatVerifierKey, signerKeyFrom } from '@muster/tlog/note';
import type { ExportProblemCode } from '@muster/tlog/export';
import type { Chance } from './chance';

export interface Made {
  header: HeaderRecord;
  /** Each with its end. */
  lines: readonly string[];
  /** A line of another part of the log. */
  foreign: string;
  /** A head of the same log, of another size. */
  otherNote: string;
}

export interface FileChange {
  kind: string;
  bytes: Uint8Array;
}

const textOf = (lines: readonly string[]): Uint8Array => utf8(lines.join(''));

/** The digest as it must be for these lines, so that it is not the digest alone that finds a change. */
const digested = (lines: readonly string[], { header }: Made): string[] => {
  const body = lines.slice(0, -1);
  try {
    const end = recordInLine((lines.at(-1) ?? '').trimEnd(), header.format) as EndRecord;
    return [...body, encodeRecord({ ...end, digest: toHex(sha256(textOf(body))) }, header) + lineEndOf(header.format)];
  } catch {
    return [...lines];
  }
};

/** A place among the leaves: not heading, header or end. */
const bodyAt = ({ header, lines }: Made, chance: Chance): number => {
  const first = headingOf(header) === null ? 1 : 2;
  return first + chance.below(lines.length - first - 1);
};

const either = (lines: readonly string[], made: Made, chance: Chance): Uint8Array =>
  textOf(chance.below(2) === 0 ? lines : digested(lines, made));

const bit = (made: Made, chance: Chance): Uint8Array => {
  const bytes = Uint8Array.from(textOf(made.lines));
  const at = chance.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
  return bytes;
};

/** Another character in a line of a leaf. */
const content = (made: Made, chance: Chance): Uint8Array => {
  const at = bodyAt(made, chance);
  const line = made.lines[at] ?? '';
  const place = chance.below(line.length - 1);
  const other = line[place] === '7' ? '8' : '7';
  return either(made.lines.with(at, `${line.slice(0, place)}${other}${line.slice(place + 1)}`), made, chance);
};

const replaced = (made: Made, chance: Chance, pattern: RegExp, other: string): Uint8Array => {
  const at = bodyAt(made, chance);
  const line = made.lines[at] ?? '';
  return either(made.lines.with(at, line.replaceAll(pattern, other)), made, chance);
};

const header = (made: Made, more: Partial<HeaderRecord>): Uint8Array => {
  const at = headingOf(made.header) === null ? 0 : 1;
  const line = encodeRecord({ ...made.header, ...more }, made.header) + lineEndOf(made.header.format);
  return textOf(digested(made.lines.with(at, line), made));
};

const THIEF = signerKeyFrom('log.test/audit', new Uint8Array(32).fill(66));

const KINDS: Record<string, (made: Made, chance: Chance) => Uint8Array> = {
  'a bit': bit,
  'a character': content,
  'a field': (made, chance) =>
    replaced(made, chance, /(outcome\W+)(?:success|refused)|"(?:success|refused)"/gu, '$1"failed"'),
  'a time': (made, chance) => replaced(made, chance, /2026-03-31T/gu, '2026-03-30T'),
  'an index': (made, chance) => replaced(made, chance, /(leafIndex\W+)(\d)/gu, '$19$2'),
  order(made, chance) {
    const [one, other] = [bodyAt(made, chance), bodyAt(made, chance)];
    const [first, second] = [made.lines[one] ?? '', made.lines[other === one ? (one === 2 ? 3 : 2) : other] ?? ''];
    return either(
      made.lines.map((line) => (line === first ? second : line === second ? first : line)),
      made,
      chance,
    );
  },
  removal: (made, chance) => either(made.lines.toSpliced(bodyAt(made, chance), 1), made, chance),
  insertion: (made, chance) => either(made.lines.toSpliced(bodyAt(made, chance), 0, made.foreign), made, chance),
  duplicate(made, chance) {
    const at = bodyAt(made, chance);
    return either(made.lines.toSpliced(at, 0, made.lines[at] ?? ''), made, chance);
  },
  truncation(made, chance) {
    const bytes = textOf(made.lines);
    return bytes.subarray(0, chance.below(bytes.length));
  },
  'another head': (made) => header(made, { note: made.otherNote }),
  'a head of another tree'(made, chance) {
    const root = sha256(utf8(`another tree ${chance.below(1e6)}`));
    return header(made, { note: made.header.note.replace(/\n[A-Za-z0-9+/]{43}=\n/u, `\n${toBase64(root)}\n`) });
  },
  'another key'(made) {
    const [, size = '', root = ''] = made.header.note.split('\n');
    const checkpoint = { origin: THIEF.name, size: Number(size), root: Buffer.from(root, 'base64') };
    const note = signCheckpoint(checkpoint, [THIEF], new Date(made.header.createdAt));
    return header(made, { note, keys: [formatVerifierKey(THIEF)] });
  },
};

export const FILE_KINDS = Object.keys(KINDS);

/**
 * What each kind may be found by. Where a column alone was changed, its line is found to say something else than its record. A changed
 * bit or character can be any of what a line consists of, and so can be found by anything.
 */
export const FILE_CODES: Readonly<Record<string, readonly ExportProblemCode[]>> = {
  'a field': ['LINE_DAMAGED'],
  'a time': ['LEAF_CHANGED', 'LINE_DAMAGED'],
  'an index': ['LEAF_MISPLACED', 'LINE_DAMAGED'],
  order: ['LEAF_MISSING'],
  removal: ['LEAF_MISSING', 'END_WRONG'],
  insertion: ['LEAF_MISPLACED'],
  duplicate: ['LEAF_MISPLACED'],
  truncation: ['FILE_CUT'],
  'another head': ['PROOF_WRONG'],
  'a head of another tree': ['HEAD_NOT_SIGNED'],
  'another key': ['KEY_WRONG'],
};

/** One change of a file. */
export const fileChange = (made: Made, chance: Chance, kind: string = chance.one(FILE_KINDS)): FileChange => ({
  kind,
  bytes: KINDS[kind]?.(made, chance) ?? new Uint8Array(),
});
