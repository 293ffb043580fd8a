import type { audit } from '@muster/contract';
import { LATE_MS, NewEntries, USUAL_MS, type AuditPages } from './new-entries';

const START = Date.parse('2026-03-31T09:00:00.000Z');

/** A log in memory that answers as `audit-query` does, page by page, and counts what it gave. */
const logOf = () => {
  const rows: audit.AuditRow[] = [];
  const asked: { from?: string; limit: number }[] = [];
  let given = 0;
  let largestPage = Number.POSITIVE_INFINITY;
  const read: AuditPages = async ({ from, cursor, limit }) => {
    asked.push({ limit, ...(from === undefined ? {} : { from }) });
    const all = rows
      .filter(({ at }) => from === undefined || at >= from)
      .toSorted((one, other) => (one.at === other.at ? (one.id < other.id ? 1 : -1) : one.at < other.at ? 1 : -1));
    const first = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
    const page = all.slice(first, first + Math.min(limit, largestPage));
    given += page.length;
    const last = page.at(-1);
    return { entries: page, nextCursor: last && all.at(-1) !== last ? last.id : null };
  };
  const add = (id: string, at: number) => {
    rows.push({ id, at: new Date(at).toISOString() } as audit.AuditRow);
  };
  return {
    add,
    asked,
    read,
    given: () => given,
    pagesOf: (size: number) => (largestPage = size),
  };
};

const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);

test('it begins with the last that are there, oldest first, and gives each new one once', async () => {
  const log = logOf();
  for (let index = 0; index < 30; index += 1) log.add(`aud_${index}`, START + index);
  const entries = new NewEntries(log.read, () => new Date(START));
  expect(idsOf(await entries.begin(3))).toEqual(['aud_27', 'aud_28', 'aud_29']);
  expect(await entries.next()).toEqual([]);
  log.add('aud_new', START + 1000);
  log.add('aud_newer', START + 2000);
  expect(idsOf(await entries.next())).toEqual(['aud_new', 'aud_newer']);
  expect(await entries.next()).toEqual([]);
});

test('none is asked for at the beginning: what is there is not new', async () => {
  const log = logOf();
  for (let index = 0; index < 30; index += 1) log.add(`aud_${index}`, START + index);
  const entries = new NewEntries(log.read, () => new Date(START));
  expect(await entries.begin(0)).toEqual([]);
  expect(await entries.next()).toEqual([]);
});

test('an empty log gives its first', async () => {
  const log = logOf();
  const entries = new NewEntries(log.read, () => new Date(START));
  expect(await entries.begin(10)).toEqual([]);
  expect(await entries.next()).toEqual([]);
  log.add('aud_one', START - 7_000_000);
  expect(idsOf(await entries.next())).toEqual(['aud_one']);
  expect(await entries.next()).toEqual([]);
});

test('several in one millisecond, over pages, are all given', async () => {
  const log = logOf();
  log.add('aud_old', START);
  log.pagesOf(2);
  const entries = new NewEntries(log.read, () => new Date(START));
  await entries.begin(1);
  for (const name of ['a', 'b', 'c', 'd', 'e']) log.add(`aud_${name}`, START + 5);
  expect(idsOf(await entries.next()).toSorted()).toEqual(['aud_a', 'aud_b', 'aud_c', 'aud_d', 'aud_e']);
  log.add('aud_f', START + 5);
  expect(idsOf(await entries.next())).toEqual(['aud_f']);
});

test('one that was committed late, with an older time, comes within 15 turns, once', async () => {
  const log = logOf();
  log.add('aud_old', START);
  const entries = new NewEntries(log.read, () => new Date(START));
  await entries.begin(1);
  await entries.next();
  log.add('aud_late', START - LATE_MS + 1);
  const came: string[] = [];
  for (let turn = 0; turn < 30; turn += 1) came.push(...idsOf(await entries.next()));
  expect(came).toEqual(['aud_late']);
});

test('a little late is seen by the next turn', async () => {
  const log = logOf();
  log.add('aud_old', START);
  const entries = new NewEntries(log.read, () => new Date(START));
  await entries.begin(1);
  await entries.next();
  log.add('aud_late', START - USUAL_MS + 1);
  expect(idsOf(await entries.next())).toEqual(['aud_late']);
});

test('an entry of a clock that is an hour ahead does not hide those of now', async () => {
  const log = logOf();
  log.add('aud_old', START);
  let now = START;
  const entries = new NewEntries(log.read, () => new Date(now));
  await entries.begin(1);
  log.add('aud_ahead', START + 3_600_000);
  expect(idsOf(await entries.next())).toEqual(['aud_ahead']);
  for (let turn = 1; turn < 40; turn += 1) {
    now = START + turn * 2000;
    log.add(`aud_now${turn}`, now);
    expect(idsOf(await entries.next())).toEqual([`aud_now${turn}`]);
  }
});

test('a clock of its own that is wrong by a day either way loses nothing', async () => {
  for (const off of [-86_400_000, 86_400_000]) {
    const log = logOf();
    log.add('aud_old', START);
    const entries = new NewEntries(log.read, () => new Date(START + off));
    await entries.begin(1);
    log.add('aud_new', START + 1000);
    expect(idsOf(await entries.next())).toEqual(['aud_new']);
    expect(await entries.next()).toEqual([]);
  }
});

test('a turn that fails is made up for by the next', async () => {
  const log = logOf();
  log.add('aud_old', START);
  let fails = false;
  const read: AuditPages = async (asked) => {
    const page = await log.read(asked);
    if (fails) throw new Error('cut off on the way');
    return page;
  };
  const entries = new NewEntries(read, () => new Date(START));
  await entries.begin(1);
  log.add('aud_new', START + 10);
  fails = true;
  await expect(entries.next()).rejects.toThrow('cut off');
  fails = false;
  expect(idsOf(await entries.next())).toEqual(['aud_new']);
});

test('a quiet log is read sparsely: a turn reads what is of the last seconds, and seldom of two minutes', async () => {
  const log = logOf();
  // One a second for two minutes.
  for (let index = 0; index < 120; index += 1) log.add(`aud_${index}`, START + index * 1000);
  const entries = new NewEntries(log.read, () => new Date(START + 120_000));
  await entries.begin(1);
  const before = log.given();
  for (let turn = 0; turn < 30; turn += 1) await entries.next();
  expect(log.given() - before).toBeLessThanOrEqual(2 * 120 + 28 * 11);
});
