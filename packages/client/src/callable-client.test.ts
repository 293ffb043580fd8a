import { callFunction } from './callable-client';
import { asFailure, type Failure } from './failure';

const destination = {
  ...{ project: 'prod', region: 'us-central1', functionsUrl: 'https://functions.example', emulators: undefined },
};

/** A network that gives these answers, one for each attempt, and remembers what was sent. */
const network = (...answers: (() => Response)[]) => {
  const sent: string[] = [];
  const pauses: number[] = [];
  const fetch = (async (_url: string, init: { body: string }) => {
    const answer = answers[sent.length];
    sent.push(init.body);
    if (!answer) throw new Error('one attempt too many');
    return answer();
  }) as unknown as typeof globalThis.fetch;
  const call = (data: Record<string, unknown> = {}) =>
    callFunction({ machine: { fetch, wait: async (ms) => void pauses.push(ms) }, destination, token: 't' }, 'x', data);
  return { sent, pauses, call };
};

const ok = () => Response.json({ result: { fine: true } });
const lost = (): Response => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
};
const refusedConnection = (): Response => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
};
const refusal = (status: number, error: object) => () => Response.json({ error }, { status });

const failureOf = async (pending: Promise<unknown>): Promise<Failure> =>
  asFailure(
    await pending.then(
      () => new Error('was expected to fail'),
      (error: unknown) => error,
    ),
  );

test('a lost answer is asked for again, with the same words', async () => {
  const { call, sent, pauses } = network(lost, lost, ok);
  expect(await call({ requestId: 'r1' })).toEqual({ fine: true });
  expect(new Set(sent)).toEqual(new Set(['{"data":{"requestId":"r1"}}']));
  expect(pauses).toEqual([300, 1200]);
});

test('a change that may have been made tells the id to repeat it with; one that was never sent does not', async () => {
  const doubtful = await failureOf(network(refusedConnection, lost, refusedConnection).call({ requestId: 'r1' }));
  expect(doubtful).toMatchObject({ code: 'UNAVAILABLE', details: { requestId: 'r1' } });
  expect(doubtful.details.next).toContain('--request-id r1');
  const neverSent = await failureOf(
    network(refusedConnection, refusedConnection, refusedConnection).call({ requestId: 'r1' }),
  );
  expect(neverSent.details).not.toHaveProperty('requestId');
});

test('a refusal is not asked for again', async () => {
  const details = { code: 'RESTRICTED', reason: 'DEGRADED_MODE', state: 'read_only', next: 'Wait.' };
  const { call, sent } = network(refusal(400, { status: 'FAILED_PRECONDITION', message: 'No.', details }));
  const failure = await failureOf(call());
  expect(failure).toMatchObject({ code: 'RESTRICTED', message: 'No.' });
  expect(failure.details).toEqual({ reason: 'DEGRADED_MODE', state: 'read_only', next: 'Wait.' });
  expect(sent).toHaveLength(1);
});

test('a database that did not answer is asked again; a policy that cannot be read is not', async () => {
  const unavailable = (reason: string) =>
    refusal(503, { status: 'UNAVAILABLE', message: 'Away.', details: { code: 'UNAVAILABLE', reason } });
  expect(await network(unavailable('STORE_UNAVAILABLE'), ok).call()).toEqual({ fine: true });
  const { call, sent } = network(unavailable('POLICY_UNAVAILABLE'));
  expect(await failureOf(call())).toMatchObject({ code: 'UNAVAILABLE' });
  expect(sent).toHaveLength(1);
});

test('a refusal of the platform, without details of ours, keeps its meaning', async () => {
  const said = refusal(401, { status: 'UNAUTHENTICATED', message: 'Unauthenticated' });
  expect(await failureOf(network(said).call())).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('an address where Muster is not says so', async () => {
  const page = () => new Response('<html>404</html>', { status: 404 });
  const failure = await failureOf(network(page).call());
  expect(failure).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('There is no Muster at') });
});
