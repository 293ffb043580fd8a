import { z } from 'zod';
import { newBackend, type Backend } from '../../../test/harness';
import { changed, commitChange, unchanged, type Decision } from './change';
import { documentAt } from '@muster/core/storage/documents';
import { Meter } from '@muster/core/meter';
import type { Work } from '@muster/core/storage/work';

const thingAt = (id: string) => documentAt(`things/${id}`, z.strictObject({ value: z.string() }));
const entry = { action: 'test.thing_made', target: 'things/x' };

let backend: Backend;
beforeEach(async () => {
  backend = await newBackend();
});
afterEach(() => backend.close());

const commit = <T>(decide: (work: Work) => Promise<Decision<T>>) =>
  commitChange(
    backend.deps,
    new Meter(),
    { actor: () => ({ type: 'staff', id: 'uid' }), correlationId: 'c-1', now: backend.clock.now },
    decide,
  );

describe('law 1: no change without its audit entry', () => {
  test('both are in one commit', async () => {
    await commit(async (work) => {
      work.create(thingAt('x'), { value: 'made' });
      return changed('done', entry);
    });
    const thing = await backend.firestore.doc('things/x').get();
    const [audited] = (await backend.firestore.collection('muster_audit').get()).docs;
    expect(audited?.createTime).toEqual(thing.createTime);
  });

  test('a decision that writes and says that it changed nothing does not get through', async () => {
    const pending = commit(async (work) => {
      work.create(thingAt('x'), { value: 'made' });
      return unchanged('done');
    });
    await expect(pending).rejects.toThrow(/staged writes/u);
    expect((await backend.firestore.doc('things/x').get()).exists).toBe(false);
  });

  test('when the entry cannot be written, neither is the change', async () => {
    const pending = commit(async (work) => {
      work.create(thingAt('x'), { value: 'made' });
      return changed('done', { ...entry, action: 'Not An Action' });
    });
    await expect(pending).rejects.toThrow();
    expect((await backend.firestore.doc('things/x').get()).exists).toBe(false);
    expect(await backend.auditEntries()).toEqual([]);
  });
});

test('law 10: what is said in an entry passes the redacting door', async () => {
  await commit(async (work) => {
    work.create(thingAt('x'), { value: 'made' });
    return changed('done', {
      ...entry,
      rationale: 'leaked ghp_0123456789abcdefghijklmnopqrstuvwxyzAB by ann@example.com',
      metadata: { nested: [{ password: 'hunter2hunter2', note: 'AKIAIOSFODNN7EXAMPLE' }] },
    });
  });
  const [audited] = await backend.auditEntries();
  expect(JSON.stringify(audited)).not.toMatch(/ghp_|example\.com|hunter2|AKIA/u);
  expect(audited?.['rationale']).toBe('leaked [redacted:github-token] by [redacted:email]');
});
