/** Cosignatures: whose are taken, over what, and that one that stands is not doubled. */
import { cosignText, COSIGNATURE_V1, formatSignature, parseNote, signerKeyFrom, vouchedBy } from '@muster/tlog/note';
import { checkpointsOf, entryNumbered, expectLogWhole, headOf, seal, writeEntries } from '../../../../test/audit-log';
import { expectBadInputIsNamed, NEVER } from '../../../../test/bad-input';
import { as, LOG_KEY } from '../../../../test/harness';
import { expectRequestIdsAreKept } from '../../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../../test/watched-backend';
import { parseSignerKey } from '@muster/tlog/note';
import { cosignHead, getHead } from '..';

const witnessOf = (byte: number, name = `witness.test/${byte}`) =>
  signerKeyFrom(name, new Uint8Array(32).fill(byte), COSIGNATURE_V1);
const [ONE, TWO] = [witnessOf(41), witnessOf(42)];
const SEEN = Date.parse('2026-03-31T09:05:00Z') / 1000;

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

/** Seals as many more entries; gives the head's text. */
const sealed = async (from: number, to: number): Promise<{ size: number; text: string }> => {
  const { backend } = watched;
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  await writeEntries(
    backend,
    numbers.map((number) => entryNumbered(number)),
  );
  await seal(backend);
  await watched.settle();
  const head = await headOf(backend);
  return { size: head?.size ?? 0, text: parseNote(head?.note ?? '').text };
};
const lineOver = (text: string, key = ONE, seconds = SEEN): string => formatSignature(cosignText(text, key, seconds));

test('what a witness says stands with the head from then on, and with the newest one', async () => {
  const { size, text } = await sealed(0, 3);
  const { added, head } = await watched.call(cosignHead, { size, cosignature: lineOver(text) }, as('auditor'));
  expect(added).toBe(true);
  expect(watched.entry()).toMatchObject({
    action: 'audit_log.cosigned',
    target: 'auditLog/current/checkpoints/0000000000000003',
    outcome: 'success',
    metadata: { size, witness: 'witness.test/41', seenAt: '2026-03-31T09:05:00.000Z' },
  });
  expect(vouchedBy(parseNote(head.note), ONE)).toEqual({ signed: true, seconds: SEEN });
  expect((await watched.call(getHead, {})).head).toEqual(head);
  expect((await checkpointsOf(watched.backend)).map(({ note }) => note)).toEqual([head.note]);

  const second = await watched.call(cosignHead, { size, cosignature: lineOver(text, TWO).trimEnd() });
  for (const witness of [ONE, TWO]) expect(vouchedBy(parseNote(second.head.note), witness).signed).toBe(true);
  await seal(watched.backend);
  expect(await expectLogWhole(watched.backend)).toBe(5);
});

test('said twice it stands once, whatever time the second has', async () => {
  const { size, text } = await sealed(0, 3);
  await watched.call(cosignHead, { size, cosignature: lineOver(text) });
  const again = await watched.call(cosignHead, { size, cosignature: lineOver(text, ONE, SEEN + 60) });
  expect(again.added).toBe(false);
  expect(watched.changedSomething()).toBe(false);
  expect(vouchedBy(parseNote(again.head.note), ONE)).toEqual({ signed: true, seconds: SEEN });
});

test('of an older head it leaves the newest alone', async () => {
  const older = await sealed(0, 3);
  const newer = await sealed(3, 5);
  await watched.call(cosignHead, { size: older.size, cosignature: lineOver(older.text) });
  const heads = await checkpointsOf(watched.backend);
  expect(heads.map(({ size, note }) => [size, vouchedBy(parseNote(note), ONE).signed])).toEqual([
    [3, true],
    [newer.size, false],
  ]);
  expect(vouchedBy(parseNote((await headOf(watched.backend))?.note ?? ''), ONE).signed).toBe(false);
});

test('nobody else can say something in the name of a witness, or of another head', async () => {
  const { size, text } = await sealed(0, 3);
  const line = lineOver(text);
  const log = parseSignerKey(LOG_KEY);
  const wrong: [string, string][] = [
    ['a stranger', lineOver(text, witnessOf(43))],
    ['a stranger under the name of a witness', lineOver(text, witnessOf(43, ONE.name))],
    ['a witness, over another size', lineOver(text.replace('\n3\n', '\n4\n'))],
    ['a witness, over another log', lineOver(text.replace(log.name, 'log.test/other'))],
    ['a witness, with another time', forged(line, 11)],
    ['a witness, with a changed bit', forged(line, 40)],
    [
      'the log itself, which is no witness of its own',
      lineOver(text, signerKeyFrom(log.name, log.seed, COSIGNATURE_V1)),
    ],
  ];
  for (const [, cosignature] of wrong) {
    const refusal = await watched.refused(cosignHead, { size, cosignature });
    expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', details: { fields: [{ field: 'cosignature' }] } });
  }
  expect(await watched.refused(cosignHead, { size: 4, cosignature: line })).toMatchObject({
    code: 'NOT_FOUND',
    details: { fields: [{ field: 'size' }] },
  });
});

/** The same line with one byte of what it says changed. */
function forged(line: string, at: number): string {
  const [, start = '', encoded = ''] = /^(\S+ \S+ )(\S+)\n$/u.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return `${start}${bytes.toString('base64')}\n`;
}

test('who may bring it, and bad input', async () => {
  const { size, text } = await sealed(0, 3);
  const valid = { size, cosignature: lineOver(text) };
  expect(await watched.refused(cosignHead, valid, as('member'))).toMatchObject({ code: 'PERMISSION_DENIED' });
  await expectBadInputIsNamed(watched, cosignHead, valid, [
    ...NEVER,
    ['no size', { size: undefined }, 'size'],
    ['the empty tree', { size: 0 }, 'size'],
    ['half a size', { size: 1.5 }, 'size'],
    ['a size as text', { size: '3' }, 'size'],
    ['no cosignature', { cosignature: undefined }, 'cosignature'],
    ['two lines', { cosignature: valid.cosignature.repeat(2) }, 'cosignature'],
    ['a whole note', { cosignature: `${text}\n${valid.cosignature}` }, 'cosignature'],
    ['no dash', { cosignature: valid.cosignature.slice(2) }, 'cosignature'],
    ['base64 that is none', { cosignature: valid.cosignature.replace('A', '?') }, 'cosignature'],
    ['base64 with bits left over', { cosignature: `— witness.test/41 ${'A'.repeat(17)}B==` }, 'cosignature'],
    ['a long one', { cosignature: `— ${'w'.repeat(700)} AAAA` }, 'cosignature'],
  ]);
});

test('request ids are kept', async () => {
  const { size, text } = await sealed(0, 3);
  await expectRequestIdsAreKept(watched, cosignHead, {
    one: { size, cosignature: lineOver(text) },
    other: { size, cosignature: lineOver(text, TWO) },
    forAnotherUser: { size, cosignature: lineOver(text, TWO) },
  });
});

test('a project without witnesses takes no cosignature; a parameter that is wrong says so, and not in the answer', async () => {
  const { size, text } = await sealed(0, 3);
  watched.backend.deps.limits.witnessKeys = '';
  expect(await watched.refused(cosignHead, { size, cosignature: lineOver(text) })).toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  watched.backend.deps.limits.witnessKeys = 'nonsense';
  await expect(watched.backend.run(cosignHead, { size, cosignature: lineOver(text) })).rejects.toThrow(
    'MUSTER_WITNESS_KEYS',
  );
});

test('two witnesses and the sealer at the same moment: nobody is overwritten', async () => {
  const { backend } = watched;
  for (let round = 0; round < 8; round += 1) {
    const { size, text } = await sealed(round * 2, round * 2 + 2);
    await writeEntries(backend, [entryNumbered(1000 + round)]);
    await Promise.all([
      backend.run(cosignHead, { size, cosignature: lineOver(text) }),
      backend.run(cosignHead, { size, cosignature: lineOver(text, TWO) }, as('auditor')),
      seal(backend),
    ]);
    const found = (await checkpointsOf(backend)).find((one) => one.size === size);
    for (const witness of [ONE, TWO]) expect(vouchedBy(parseNote(found?.note ?? ''), witness).signed).toBe(true);
    await seal(backend);
  }
  const newest = await headOf(backend);
  expect((await checkpointsOf(backend)).find(({ size }) => size === newest?.size)?.note).toBe(newest?.note);
  expect(await expectLogWhole(backend)).toBe(newest?.size);
});
