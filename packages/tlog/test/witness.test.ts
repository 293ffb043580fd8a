/** A witness as C2SP tlog-witness has it, and what attackers try with one. */
import { signCheckpoint, verifyCheckpoint } from '../src/checkpoint';
import { toBase64, utf8 } from '../src/crypto';
import { emptyRoot, leafHash } from '../src/merkle';
import {
  COSIGNATURE_V1,
  formatNote,
  NoteError,
  parseNote,
  signerKeyFrom,
  verifierKeyFrom,
  vouchedBy,
  type VerifierKey,
} from '../src/note';
import { appendLeaves, consistencyProof, hashOf, nameOf } from '../src/tiles';
import {
  cosigned,
  decideAddCheckpoint,
  formatAddCheckpoint,
  originOf,
  parseAddCheckpoint,
  type AddCheckpoint,
  type WitnessedTree,
} from '../src/witness';

const AT = new Date('2026-03-31T09:00:00Z');
const LOG = signerKeyFrom('log.test/audit', new Uint8Array(32).fill(1));
const STRANGER = signerKeyFrom('log.test/audit', new Uint8Array(32).fill(2));
const WITNESS = signerKeyFrom('witness.test/w', new Uint8Array(32).fill(3), COSIGNATURE_V1);

const treeOf = (words: string) => {
  const leaves = Array.from({ length: 40 }, (_, index) => leafHash(utf8(`${words} ${index}`)));
  const { written } = appendLeaves(new Map(), 0, leaves);
  return new Map(written.map(({ hashes, ...tile }) => [nameOf(tile), hashes]));
};
const tiles = treeOf('entry');
/** The same first 10 leaves would make it consistent: none is the same. */
const otherTiles = treeOf('another entry');

const noteOf = (size: number, from = tiles, key = LOG): string =>
  signCheckpoint({ origin: key.name, size, root: hashOf(from, [0, size]) }, [key], AT);
const request = (oldSize: number, size: number, from = tiles): AddCheckpoint => ({
  oldSize,
  proof: consistencyProof(from, oldSize, size),
  note: noteOf(size, from),
});
const known = (size: number): WitnessedTree => ({ size, root: hashOf(tiles, [0, size]) });

/** The status that a witness answers, with the size that it tells, or whether it is a fork. */
const answered = (asked: AddCheckpoint, tree?: WitnessedTree, keys: VerifierKey[] = [LOG]) => {
  const decided = decideAddCheckpoint(asked, keys, tree);
  if ('accepted' in decided) return { status: 200, size: decided.accepted.size };
  const { status, knownSize, fork } = decided.refused;
  return { status, ...(knownSize === undefined ? {} : { knownSize }), ...(fork ? { fork } : {}) };
};

test('the example of the specification is read, and written as it was', () => {
  const body = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
`;
  const parsed = parseAddCheckpoint(utf8(body));
  expect(parsed).toMatchObject({ oldSize: 20_852_014 });
  expect(originOf(parsed.note)).toBe('example.com/behind-the-sofa');
  expect(parsed.proof).toHaveLength(4);
  expect(formatAddCheckpoint(parsed)).toBe(body);
});

/** Requests of a log that is not ours, signed by it: FiloSottile/torchwood, internal/witness/witness_test.go, TestRace. */
const SIGSUM = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562';
const sigsumKey = verifierKeyFrom(
  SIGSUM,
  Uint8Array.from(Buffer.from('ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f', 'hex')),
  1,
);
const FIRST = `old 0

${SIGSUM}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— ${SIGSUM} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
`;
const TO_3 = `old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

${SIGSUM}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— ${SIGSUM} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
`;
const TO_5 = `old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=
KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

${SIGSUM}
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

— ${SIGSUM} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
`;

test('submissions that torchwood is tried with: a tree of 1, then of 3 or 5, and late ones that would roll it back', () => {
  const [first, to3, to5] = [FIRST, TO_3, TO_5].map((body) => parseAddCheckpoint(utf8(body)));
  if (!first || !to3 || !to5) throw new Error('three were expected');
  const treeIn = (asked: AddCheckpoint): WitnessedTree => verifyCheckpoint(asked.note, [sigsumKey]);
  const by = (asked: AddCheckpoint, tree?: WitnessedTree) => answered(asked, tree, [sigsumKey]);
  expect(by(first)).toEqual({ status: 200, size: 1 });
  expect(by(to3, treeIn(first))).toEqual({ status: 200, size: 3 });
  expect(by(to5, treeIn(first))).toEqual({ status: 200, size: 5 });
  for (const late of [to3, first]) expect(by(late, treeIn(to5))).toEqual({ status: 409, knownSize: 5 });
  for (const early of [to3, to5]) expect(by(early)).toEqual({ status: 409, knownSize: 0 });
  expect(by({ ...to5, proof: to3.proof }, treeIn(first))).toEqual({ status: 422 });
});

test('it goes forward, and may be asked again for the same tree', () => {
  for (const [old, size] of [
    [0, 1],
    [1, 1],
    [1, 7],
    [7, 32],
    [32, 32],
    [32, 40],
  ] as const)
    expect(answered(request(old, size), old === 0 ? undefined : known(old))).toEqual({ status: 200, size });
});

test('a cosignature verifies with the note, and says when; signatures of others are not handed on', () => {
  const other = signerKeyFrom('other.test/witness', STRANGER.seed);
  const submitted = noteOf(10) + signatureLines(noteOf(10, tiles, STRANGER)) + signatureLines(noteOf(10, tiles, other));
  const { note, line } = cosigned(verifyCheckpoint(submitted, [LOG]), WITNESS, AT);
  expect(vouchedBy(parseNote(note), WITNESS)).toEqual({ signed: true, seconds: AT.getTime() / 1000 });
  expect(vouchedBy(parseNote(noteOf(10) + line), WITNESS).signed).toBe(true);
  expect(vouchedBy(parseNote(noteOf(11) + line), WITNESS).signed).toBe(false);
  expect(verifyCheckpoint(note, [LOG])).toMatchObject({ size: 10, signedAt: AT });
  expect(new Set(parseNote(note).signatures.map(({ name }) => name))).toEqual(new Set([LOG.name, WITNESS.name]));
});
const signatureLines = (note: string): string => note.slice(note.lastIndexOf('\n\n') + 2);

test('a fork is refused and said to be one, whatever old size it comes with', () => {
  for (const old of [10, 0, 5])
    expect(answered({ ...request(old, 10, otherTiles) }, known(10))).toEqual({
      status: 409,
      knownSize: 10,
      fork: true,
    });
  const decided = decideAddCheckpoint(request(10, 10, otherTiles), [LOG], known(10));
  expect(decided).toMatchObject({ refused: { problem: expect.stringContaining('two different trees of 10 leaves') } });
});

test('a fork that grew on is refused: its proof is of another tree', () => {
  const [right, wrong] = [request(10, 20), request(10, 20, otherTiles)];
  expect(answered(right, known(10))).toEqual({ status: 200, size: 20 });
  for (const mixed of [wrong, { ...right, note: wrong.note }, { ...right, proof: wrong.proof }])
    expect(answered(mixed, known(10))).toEqual({ status: 422 });
});

test('a changed, missing, added or swapped hash of the proof is refused', () => {
  const asked = request(11, 30);
  const [one, two] = asked.proof;
  if (!one || !two) throw new Error('a proof of more hashes was expected');
  for (const proof of [
    asked.proof.with(
      0,
      one.map((byte) => byte ^ 1),
    ),
    asked.proof.slice(1),
    asked.proof.slice(0, -1),
    [...asked.proof, one],
    asked.proof.with(0, two).with(1, one),
    [],
  ])
    expect(answered({ ...asked, proof }, known(11))).toEqual({ status: 422 });
});

test('what goes backward is refused, and what is old is told the size that is known', () => {
  expect(answered({ oldSize: 20, proof: [], note: noteOf(10) }, known(20))).toEqual({ status: 400 });
  for (const [old, size] of [
    [0, 10],
    [5, 10],
    [0, 20],
    [0, 30],
    [19, 30],
    [21, 30],
  ] as const)
    expect(answered(request(old, size), known(20))).toEqual({ status: 409, knownSize: 20 });
});

test('another log is unknown; a stranger has not signed for this one', () => {
  const other = signerKeyFrom('log.test/other', LOG.seed);
  const foreign = signCheckpoint({ origin: other.name, size: 0, root: emptyRoot() }, [other], AT);
  expect(answered({ oldSize: 0, proof: [], note: foreign })).toEqual({ status: 404 });
  expect(answered(request(0, 10), undefined, [])).toEqual({ status: 404 });
  expect(answered({ oldSize: 0, proof: [], note: noteOf(10, tiles, STRANGER) })).toEqual({ status: 403 });
  expect(answered({ ...request(0, 10), note: noteOf(10).replace('\n10\n', '\n11\n') })).toEqual({ status: 403 });
  // Only the cosignature of the log's own key is left: that is a time, and no signature of the log.
  const parsed = parseNote(noteOf(10));
  const timed = formatNote({ text: parsed.text, signatures: parsed.signatures.slice(1) });
  expect(answered({ oldSize: 0, proof: [], note: timed })).toEqual({ status: 403 });
});

test('while a key of the log is replaced, either will do', () => {
  const next = signerKeyFrom(LOG.name, new Uint8Array(32).fill(9));
  const note = signCheckpoint({ origin: LOG.name, size: 3, root: hashOf(tiles, [0, 3]) }, [next, LOG], AT);
  for (const keys of [[LOG], [next], [LOG, next]])
    expect(answered({ oldSize: 0, proof: [], note }, undefined, keys)).toEqual({ status: 200, size: 3 });
});

const LEAF = leafHash(utf8('leaf'));
// TestZeroSize of torchwood: what an empty tree may be.
test.each([
  ['an empty tree', 0, 0, emptyRoot(), [], 200],
  ['an empty tree with the root of a leaf', 0, 0, LEAF, [], 422],
  ['an empty tree whose root is zero', 0, 0, new Uint8Array(32), [], 422],
  ['an empty tree with a proof', 0, 0, emptyRoot(), [LEAF], 422],
  ['a first tree', 0, 1, LEAF, [], 200],
  ['a first tree with a proof', 0, 1, LEAF, [LEAF], 422],
  ['an old size above the new one', 1, 0, emptyRoot(), [], 400],
] as const)('%s', (_what, oldSize, size, root, proof, status) => {
  const note = signCheckpoint({ origin: LOG.name, size, root }, [LOG], AT);
  expect(answered({ oldSize, proof: [...proof], note })).toMatchObject({ status });
});

const HASH = toBase64(emptyRoot());
const BODY = formatAddCheckpoint(request(0, 3));
test.each([
  ['nothing', ''],
  ['a note alone', noteOf(3)],
  ['no old size', BODY.replace('old 0\n', '')],
  ['an old size with a zero before it', BODY.replace('old 0', 'old 00')],
  ['an old size below zero', BODY.replace('old 0', 'old -1')],
  ['an old size that no number holds', BODY.replace('old 0', 'old 9007199254740993')],
  ['two spaces', BODY.replace('old 0', 'old  0')],
  ['carriage returns', BODY.replaceAll('\n', '\r\n')],
  ['a hash that is short', BODY.replace('old 0\n', `old 0\n${HASH.slice(4)}\n`)],
  ['a hash that is no base64', BODY.replace('old 0\n', 'old 0\n!!!!\n')],
  ['64 hashes', BODY.replace('old 0\n', `old 0\n${`${HASH}\n`.repeat(64)}`)],
  ['no empty line', 'old 0\n'],
])('%s: no request', (_what, body) => {
  expect(() => parseAddCheckpoint(utf8(body))).toThrow(NoteError);
});

test('bytes that are no text are no request; 63 hashes are read', () => {
  expect(() => parseAddCheckpoint(Uint8Array.of(0x6f, 0xff, 0xfe))).toThrow('not UTF-8');
  expect(parseAddCheckpoint(utf8(BODY.replace('old 0\n', `old 0\n${`${HASH}\n`.repeat(63)}`))).proof).toHaveLength(63);
});

test.each([
  ['no signatures', noteOf(3).slice(0, noteOf(3).lastIndexOf('\n\n') + 2)],
  ['a size that is none', noteOf(3).replace('\n3\n', '\nmany\n')],
  ['nothing', ''],
])('a checkpoint with %s: 400', (_what, note) => {
  expect(answered({ oldSize: 0, proof: [], note })).toEqual({ status: 400 });
});
