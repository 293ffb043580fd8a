/** What others change while guarded work is on its way is never overwritten unseen. */
import { newBackend, type Backend } from '@muster/functions/test/harness';
import type { ProductWork } from '../src/product-work';
import { asking, guardIn, type GuardUnderTest } from './guard-harness';

const request = asking('firestore.write');

describe('what others change meanwhile', () => {
  let backend: Backend;
  let under: GuardUnderTest;
  beforeAll(async () => {
    backend = await newBackend();
    under = guardIn(backend);
  });
  afterAll(() => backend.close());

  /** Runs work that is overtaken by another writer in its first attempt, and says how often it ran. */
  const overtaken = async (
    work: (work: ProductWork, change: () => Promise<void>) => Promise<void>,
  ): Promise<number> => {
    await backend.firestore.doc('sums/one').set({ value: 1 });
    let attempts = 0;
    await under.guard.run(request, (own) => {
      attempts += 1;
      const first = attempts === 1;
      return work(own, async () => {
        if (first) await backend.firestore.doc('sums/one').set({ value: 10 });
      });
    });
    return attempts;
  };
  const value = async (): Promise<unknown> => (await backend.firestore.doc('sums/one').get()).get('value');
  const all = { collection: 'sums', where: [], orderBy: [], limit: 5 };

  test.each([
    ['set', 11],
    ['update', 11],
  ] as const)('is not lost by %s: the work runs again', async (way, expected) => {
    const attempts = await overtaken(async (work, change) => {
      const before = (await work.get('sums/one'))?.['value'] as number;
      await change();
      work[way]('sums/one', { value: before + 1 });
    });
    expect({ attempts, value: await value() }).toEqual({ attempts: 2, value: expected });
  });

  test('is not lost by a delete, nor where it was only read', async () => {
    const deleted = await overtaken(async (work, change) => {
      const { value: now } = (await work.get('sums/one')) ?? {};
      await change();
      if (now === 1) work.delete('sums/one');
    });
    expect({ deleted, value: await value() }).toEqual({ deleted: 2, value: 10 });
    const read = await overtaken(async (work, change) => {
      const { value: now } = (await work.get('sums/one')) ?? {};
      await change();
      work.set('sums-seen/one', { now });
    });
    expect(read).toBe(2);
    expect((await backend.firestore.doc('sums-seen/one').get()).get('now')).toBe(10);
  });

  test('is not lost when a query finds the newer version of what was read before', async () => {
    const attempts = await overtaken(async (work, change) => {
      const before = (await work.get('sums/one'))?.['value'] as number;
      await change();
      await work.find(all);
      work.set('sums/one', { value: before + 1 });
    });
    expect({ attempts, value: await value() }).toEqual({ attempts: 2, value: 11 });
  });

  test('what a query found must still be as it was found', async () => {
    const attempts = await overtaken(async (work, change) => {
      const [one] = await work.find(all);
      await change();
      work.set('sums/one', { value: (one?.data['value'] as number) + 1 });
    });
    expect({ attempts, value: await value() }).toEqual({ attempts: 2, value: 11 });
  });

  test('is overwritten by what was not read: that is what set is for', async () => {
    const attempts = await overtaken(async (work, change) => {
      await change();
      work.set('sums/one', { value: 7 });
    });
    expect({ attempts, value: await value() }).toEqual({ attempts: 1, value: 7 });
  });

  test('20 at once add up', async () => {
    await backend.firestore.doc('sums/one').set({ value: 0 });
    const add = () =>
      under.guard.run(request, async (work) => {
        const before = (await work.get('sums/one'))?.['value'] as number;
        work.update('sums/one', { value: before + 1 });
      });
    await Promise.all(Array.from({ length: 20 }, add));
    expect(await value()).toBe(20);
  });
});
