/** What the network does to a read, a commit, or the answer to it: said as it is, and never done twice. */
import {
  emulatorHost,
  newBackend,
  refusalOf,
  SCENARIO_ID,
  type Backend,
  type BackendOptions,
} from '@muster/functions/test/harness';
import { scheduleDrill } from '@muster/functions/features/drills/index';
import { keptConnections } from '../src/storage/rest-channel';
import { verifyProtocol } from '../src/storage/verify-protocol';

const plan = { scenarioId: SCENARIO_ID, dueAt: '2026-06-30T09:00:00Z' };

const backends: Backend[] = [];
const open = async (options: BackendOptions): Promise<Backend> => {
  const backend = await newBackend(options);
  backends.push(backend);
  return backend;
};
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

describe('a commit whose answer is lost', () => {
  /** Sends the first `count` commits and drops their answers. */
  const dropAnswers = (count: number): typeof fetch => {
    let left = count;
    return async (...request) => {
      const response = await fetch(...request);
      if (left-- > 0) throw new TypeError('the connection was closed');
      return response;
    };
  };

  test('is found to stand, and is neither repeated nor reported as failed', async () => {
    const backend = await open({ fetch: dropAnswers(1) });
    const { drill } = await backend.run(scheduleDrill, plan);
    const { docs } = await backend.firestore.collection('muster_drills').get();
    expect(docs.map(({ id }) => id)).toEqual([drill.id]);
    expect(await backend.auditEntries()).toHaveLength(1);
  });

  test('with a requestId gives the same answer too', async () => {
    const backend = await open({ fetch: dropAnswers(1) });
    const first = await backend.run(scheduleDrill, { ...plan, requestId: 'r-1' });
    const again = await backend.run(scheduleDrill, { ...plan, requestId: 'r-1' });
    expect(again).toEqual({ ...first, repeated: true });
    expect(await backend.auditEntries()).toHaveLength(1);
  });

  test('is said to be in doubt when the database stays away', async () => {
    let calls = 0;
    const backend = await open({
      fetch: async () => {
        calls += 1;
        throw new TypeError('no network');
      },
    });
    expect(await refusalOf(backend.run(scheduleDrill, plan))).toMatchObject({
      code: 'UNAVAILABLE',
      details: { reason: 'STORE_UNAVAILABLE' },
    });
    expect(calls).toBe(3);
    expect(await backend.auditEntries()).toEqual([]);
  });

  test.each([503, 500, 429])('a %i of the database is tried again', async (status) => {
    let first = true;
    const backend = await open({
      fetch: async (...request) => {
        if (!first) return fetch(...request);
        first = false;
        return new Response('{"error":{"status":"UNAVAILABLE"}}', { status });
      },
    });
    await backend.run(scheduleDrill, plan);
    expect(await backend.auditEntries()).toHaveLength(1);
  });
});

describe('a call that is refused, or never sent', () => {
  const answering = (status: number, code: string) => async () =>
    new Response(`{"error":{"status":"${code}"}}`, { status });

  test.each([
    [400, 'INVALID_ARGUMENT'],
    [403, 'PERMISSION_DENIED'],
  ])('a commit that the database refuses (%i %s) is said to be refused, at once', async (status, code) => {
    let calls = 0;
    const backend = await open({
      async fetch() {
        calls += 1;
        return answering(status, code)();
      },
    });
    expect(await refusalOf(backend.run(scheduleDrill, plan))).toMatchObject({ details: { reason: 'STORE_REFUSED' } });
    expect(calls).toBe(1);
  });

  test('a read over a connection that was closed meanwhile is made once more', async () => {
    const kept = keptConnections();
    let closed = true;
    const protocol = verifyProtocol(
      {
        origin: `http://${emulatorHost()}`,
        projectId: 'demo-closed',
        databaseId: '(default)',
        accessToken: async () => 'owner',
        send: (url, init) => {
          if (!closed) return kept(url, init);
          closed = false;
          return Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
        },
      },
      () => ({ query: async () => [], count: async () => 0 }),
    );
    expect(await protocol.source.fetch(['things/none'])).toEqual([
      { path: 'things/none', data: undefined, version: undefined },
    ]);
  });

  test('without a token for the database nothing is sent, and that is no doubt', async () => {
    const protocol = verifyProtocol(
      {
        origin: 'http://127.0.0.1:1',
        projectId: 'demo-none',
        databaseId: '(default)',
        accessToken: () => Promise.reject(new Error('no credential')),
        send: () => Promise.reject(new Error('must not be called')),
      },
      () => ({ query: async () => [], count: async () => 0 }),
    );
    expect(await refusalOf(protocol.source.fetch(['a/b']))).toMatchObject({ details: { reason: 'STORE_UNAVAILABLE' } });
  });
});
