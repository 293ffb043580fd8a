/** What a product can do with its documents in guarded work, on both commit protocols. */
import { FieldValue, GeoPoint as SdkGeoPoint, Timestamp } from '@google-cloud/firestore';
import { newBackend, NO_PAUSES, refusalOf, type Backend } from '@muster/functions/test/harness';
import { paths } from '@muster/core/storage/paths';
import type { ProductWork } from '../src/product-work';
import { GeoPoint, Reference } from '@muster/core/storage/rest-values';
import { asking, guardIn, type GuardUnderTest } from './guard-harness';

const request = asking('firestore.write');

describe.each(['verify', 'transaction'] as const)('guarded work, committed by %s', (protocol) => {
  let backend: Backend;
  let under: GuardUnderTest;
  beforeAll(async () => {
    backend = await newBackend();
    // Nothing else writes here, so that a try which is outrun is outrun for ever.
    under = guardIn(backend, { protocol, pauses: NO_PAUSES });
  });
  afterAll(() => backend.close());

  const run = <T>(work: (work: ProductWork) => Promise<T>): Promise<T> => under.guard.run(request, work);
  const stored = async (path: string) => (await backend.firestore.doc(path).get()).data();
  const given = (path: string, data: Record<string, unknown>) => backend.firestore.doc(path).set(data);

  test('reads, creates, replaces, updates and deletes, as one', async () => {
    await given('boxes/kept', { a: 1, b: 1 });
    await given('boxes/replaced', { a: 1, b: 1 });
    await given('boxes/gone', { a: 1 });
    const seen = await run(async (work) => {
      const found = await work.getAll(['boxes/kept', 'boxes/none', 'boxes/kept']);
      const one = await work.get('boxes/gone');
      work.create('boxes/new', { a: 1 });
      work.set('boxes/replaced', { c: 3 });
      work.update('boxes/kept', { b: 2 });
      work.delete('boxes/gone');
      return { found, one };
    });
    expect(seen).toEqual({ found: [{ a: 1, b: 1 }, undefined, { a: 1, b: 1 }], one: { a: 1 } });
    const { docs } = await backend.firestore.collection('boxes').get();
    expect(Object.fromEntries(docs.map((one) => [one.id, one.data()]))).toEqual({
      kept: { a: 1, b: 2 },
      new: { a: 1 },
      replaced: { c: 3 },
    });
  });

  test('reads what was named before with what the decision needs', async () => {
    await given('named/one', { a: 1 });
    const before = under.reads.length;
    const options = { reads: ['named/one', 'named/none'] };
    const found = await under.guard.run(request, (work) => work.getAll(['named/one', 'named/none']), options);
    expect(found).toEqual([{ a: 1 }, undefined]);
    const sent = protocol === 'verify' ? [['muster_policy/current', 'named/one', 'named/none']] : [];
    expect(under.reads.slice(before)).toEqual(sent);
    await expect(under.guard.run(request, async () => 1, { reads: ['named'] })).rejects.toThrow(/not the path/u);
  });

  test('what the Admin SDK takes for a path within a document is refused by name, and nothing is written', async () => {
    await given('maps/one', { ship: { to: 'here', by: 'sea' } });
    for (const name of ['ship.to', '.', 'a.', '', 'a/b', '~a', 'a[0]', 'a*']) {
      await expect(run(async (work) => work.update('maps/one', { [name]: 'there' }))).rejects.toThrow(
        `maps/one: ${name === '' ? "''" : name} is not the name of a field`,
      );
    }
    expect(await stored('maps/one')).toEqual({ ship: { to: 'here', by: 'sea' } });
    // As it says to do it, with the result that the Admin SDK has.
    await run(async (work) => {
      const before = await work.get('maps/one');
      work.update('maps/one', { ship: { ...(before?.['ship'] as object), to: 'there' } });
    });
    await given('maps/other', { ship: { to: 'here', by: 'sea' } });
    await backend.firestore.doc('maps/other').update({ 'ship.to': 'there' });
    expect(await stored('maps/one')).toEqual(await stored('maps/other'));
    // A whole document is written field by field, here and there: no path is meant.
    await run(async (work) => work.set('maps/one', { 'ship.to': 'a field of that name' }));
    await backend.firestore.doc('maps/other').set({ 'ship.to': 'a field of that name' });
    expect(await stored('maps/one')).toEqual(await stored('maps/other'));
  });

  test.each<[string, unknown]>([
    ['FieldValue.serverTimestamp', FieldValue.serverTimestamp()],
    ['FieldValue.increment', FieldValue.increment(1)],
    ['FieldValue.arrayUnion', FieldValue.arrayUnion('a')],
    ['FieldValue.delete', FieldValue.delete()],
    ['a Timestamp', Timestamp.now()],
    ['one within a map within a list', [{ a: FieldValue.delete() }]],
    ['a function', () => 1],
  ])('%s is refused by the name of its field, however it is written', async (_what, value) => {
    await given('kinds/one', { a: 1 });
    for (const way of ['create', 'set', 'update'] as const) {
      await expect(run(async (work) => work[way]('kinds/one', { fine: 1, stamped: value }))).rejects.toThrow(
        /kinds\/one: the field stamped: a value of type (?:object \(\w+\)|function) cannot be stored\. Write plain values/u,
      );
    }
    expect(await stored('kinds/one')).toEqual({ a: 1 });
  });

  test('a document that is not there to be updated is said at once, whether it was read or not', async () => {
    for (const read of [false, true]) {
      let runs = 0;
      const refusal = await refusalOf(
        run(async (work) => {
          runs += 1;
          if (read) await work.get('missing/one');
          work.create('missing/beside', { a: 1 });
          work.update('missing/one', { a: 1 });
        }),
      );
      expect(refusal).toMatchObject({
        code: 'NOT_FOUND',
        details: { reason: 'UNKNOWN_DOCUMENT', next: expect.stringContaining('read it first') },
      });
      // Where it is is for the log: the refusal may travel to a client.
      const { message, cause } = refusal as unknown as { message: string; cause: { cause: Error } };
      expect(message).not.toContain('missing/one');
      expect(cause.cause.message).toContain('missing/one');
      expect(runs).toBe(read ? 1 : 2);
    }
    expect(await stored('missing/beside')).toBeUndefined();
  });

  test('a query without a filter finds any, up to its limit; what is no query is named', async () => {
    for (const id of ['a', 'b', 'c']) await given(`any/${id}`, { a: 1 });
    expect(await run((work) => work.find({ collection: 'any', limit: 2 }))).toHaveLength(2);
    expect(await run((work) => work.find({ collection: 'any', limit: 10 }))).toHaveLength(3);
    for (const [wrong, named] of [
      [{ collection: 'any' }, 'limit:'],
      [{ collection: 'any', limit: 0 }, 'limit:'],
      [{ limit: 1 }, 'collection:'],
      [{ collection: 'any', limit: 1, where: { field: 'a' } }, 'where:'],
      [{ collection: 'any', limit: 1, orderBy: 'a' }, 'orderBy:'],
    ] as const) {
      await expect(run((work) => work.find(wrong as never))).rejects.toThrow(named);
    }
  });

  test('finds what a query finds, and writes to it', async () => {
    for (const id of ['a', 'b', 'c']) await given(`jobs/${id}`, { open: id !== 'b', at: new Date(1_000) });
    const ids = await run(async (work) => {
      const found = await work.find({
        collection: 'jobs',
        where: [{ field: 'open', is: '==', value: true }],
        orderBy: [],
        limit: 10,
      });
      for (const { path, data } of found) work.set(path, { ...data, open: false });
      return found.map(({ id }) => id);
    });
    expect(ids).toEqual(['a', 'c']);
    expect(await stored('jobs/c')).toEqual({ open: false, at: Timestamp.fromMillis(1_000) });
  });

  test.each([
    ['creates what is there', 'CONTENTION', (work: ProductWork) => work.create('taken/one', { a: 2 })],
    ['updates what is not there', 'NOT_FOUND', (work: ProductWork) => work.update('taken/none', { a: 2 })],
  ])('that %s changes nothing at all', async (_name, code, wrong) => {
    await given('taken/one', { a: 1 });
    const pending = run(async (work) => {
      work.set('taken/beside', { a: 1 });
      wrong(work);
    });
    expect(await refusalOf(pending)).toMatchObject({ code });
    expect(await stored('taken/beside')).toBeUndefined();
    expect(await stored('taken/one')).toEqual({ a: 1 });
  });

  test('that throws changes nothing, and its error comes as it was thrown', async () => {
    const mine = Object.assign(new Error('out of stock'), { code: 10 });
    const pending = run(async (work) => {
      work.set('shelves/one', { a: 1 });
      throw mine;
    });
    await expect(pending).rejects.toBe(mine);
    expect(await stored('shelves/one')).toBeUndefined();
  });

  test('keeps kinds of values that Muster itself never stores, and fields that it does not touch', async () => {
    const data = {
      bytes: new Uint8Array([0, 128, 255]),
      place: new GeoPoint(48.2, -16.37),
      other: new Reference(`projects/${backend.projectId}/databases/(default)/documents/things/two`),
      deep: { list: [{ place: new GeoPoint(0, 0) }, new Uint8Array([1])], 'dotted.name': { '`': 1 } },
      'a.b': 1,
      '`tick`': 2,
      fraction: 0.1,
      when: new Date('2026-01-01T00:00:00.123Z'),
    };
    await run(async (work) =>
      work.create('values/all', { ...data, left: undefined, deep: { ...data.deep, out: undefined } }),
    );
    expect(await run((work) => work.get('values/all'))).toEqual(data);
    await run(async (work) => work.set('values/copy', (await work.get('values/all')) ?? {}));
    const found = await run((work) => work.find({ collection: 'values', where: [], orderBy: [], limit: 9 }));
    expect(found.map((one) => one.data)).toEqual([data, data]);

    const native = await stored('values/copy');
    expect(native).toMatchObject({ place: new SdkGeoPoint(48.2, -16.37), bytes: Buffer.from([0, 128, 255]) });
    expect((native?.['other'] as { path: string } | undefined)?.path).toBe('things/two');

    await run(async (work) => work.update('values/all', { '`tick`': undefined, '\\': 'x', deep: {} }));
    expect(await run((work) => work.get('values/all'))).toEqual({ ...data, '\\': 'x', deep: {} });
  });

  test('keeps integers that a number cannot hold', async () => {
    const big = 2n ** 62n + 1n;
    await run(async (work) => work.create('values-big/one', { big, list: [big] }));
    await run(async (work) => work.update('values-big/one', { beside: 1 }));
    const read = await guardIn(backend).guard.run(request, (work) => work.get('values-big/one'));
    expect(read).toEqual({ big, list: [big], beside: 1 });
  });

  test.each([
    ['undefined in a list', { a: [undefined] }],
    ['a function', { a: () => 1 }],
    ['an instance of a class', { a: new URL('https://example.com') }],
    ["the SDK's own kinds", { a: new SdkGeoPoint(1, 2) }],
    ['a reference that is none', { a: new Reference('things/two') }],
    ['a text for a document', 'fields' as never],
    ['a list for a document', [{ a: 1 }] as never],
  ])('refuses to store %s', async (_name, data) => {
    await expect(run(async (work) => work.set('values/bad', data))).rejects.toThrow();
    expect(await stored('values/bad')).toBeUndefined();
  });

  test.each([
    '/muster_policy/current',
    'muster_policy//current',
    './muster_policy/current',
    'things',
    'things/one/two',
    'things/',
    'things/..',
    'things/__a__',
    '',
  ])('refuses %j as the path of a document', async (path) => {
    const ways: ((work: ProductWork) => unknown)[] = [
      (work) => work.get(path),
      (work) => work.getAll([path]),
      (work) => work.set(path, {}),
      (work) => work.create(path, {}),
      (work) => work.update(path, { a: 1 }),
      (work) => work.delete(path),
    ];
    for (const way of ways) {
      await expect(run(async (work) => void (await way(work)))).rejects.toThrow(/is not the path of a document/u);
    }
    expect(under.commits.flat().join(' ')).not.toContain('muster_policy/current/');
  });

  test("refuses to write any of Muster's own documents, at whatever depth", async () => {
    const all = Object.values(paths).map((pathOf: (...ids: string[]) => string) => pathOf('x', 'y'));
    // What the canary writes is written as a product writes.
    const own = all.filter((path) => path !== paths.canaryWrite('x'));
    for (const path of [
      ...own,
      'muster_later/one',
      'orders/one/muster_events/one',
      'muster_policy/current/a/b',
      'muster_audit/x/more/y',
    ]) {
      for (const way of ['set', 'create', 'update', 'delete'] as const) {
        await expect(run(async (work) => work[way](path, { a: 1 }))).rejects.toThrow(/Muster's own operations/u);
      }
    }
    expect(await run((work) => work.get('muster_policy/current'))).toMatchObject({ version: 4 });
  });

  test('refuses to write a document twice, to update nothing, and to go on when it is over', async () => {
    const twice = run(async (work) => {
      work.set('twice/one', { a: 1 });
      work.set('twice/one', { a: 2 });
    });
    await expect(twice).rejects.toThrow(/written twice/u);
    await expect(run(async (work) => work.update('twice/one', { a: undefined }))).rejects.toThrow(/nothing to update/u);
    const kept = await run(async (work) => work);
    expect(() => kept.set('twice/late', { a: 1 })).toThrow(/is over/u);
    await expect(kept.get('twice/late')).rejects.toThrow(/is over/u);
    expect(await stored('twice/one')).toBeUndefined();
  });

  test('refuses to read what it has written, which would come as it was before', async () => {
    await given('late/one', { a: 1 });
    const reads: ((work: ProductWork) => Promise<unknown>)[] = [
      (work) => work.get('late/one'),
      (work) => work.getAll(['late/two', 'late/one']),
      (work) => work.find({ collection: 'late', where: [], orderBy: [], limit: 5 }),
    ];
    for (const read of reads) {
      const pending = run(async (work) => {
        work.set('late/one', { a: 2 });
        await read(work);
      });
      await expect(pending).rejects.toThrow(/read it first/u);
    }
    expect(await stored('late/one')).toEqual({ a: 1 });
  });

  test('commits nothing when it writes nothing', async () => {
    const before = under.commits.length;
    expect(await run(async (work) => work.get('boxes/new'))).toEqual({ a: 1 });
    expect(under.commits).toHaveLength(before);
  });
});
