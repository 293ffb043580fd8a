/** An account that Firebase Auth refuses when the first reads have come: nothing is committed for it, and nothing answered. */
import { enterDegraded, getPolicy } from '../../src/features/policy';
import { startDrill } from '../../src/features/drills';
import { sealNow } from '../../src/features/audit';
import { MusterError } from '@muster/core/errors';
import type { CommitProtocol } from '@muster/core/storage/store';
import type { WorkSource } from '@muster/core/storage/work';
import { as, newBackend, refusalOf, SCENARIO_ID, type Backend } from '../harness';
import { storedWith } from './stored';

let backend: Backend;
/** Called when documents have been read. */
let onRead: (documents: number) => void = () => undefined;
const watching = (source: WorkSource): WorkSource => ({
  ...source,
  async fetch(paths) {
    const found = await source.fetch(paths);
    onRead(paths.length);
    return found;
  },
});
const around = (protocol: CommitProtocol): CommitProtocol => ({
  source: watching(protocol.source),
  within: (use) => protocol.within((source) => use(watching(source))),
});

beforeEach(async () => {
  backend = await newBackend({ around });
  // So that there is something to seal.
  await backend.run(enterDegraded, { mode: 'degraded', reason: 'a test' });
});
afterEach(() => backend.close());

const disabled = new MusterError('UNAUTHENTICATED', 'This user is disabled.', { reason: 'USER_DISABLED' });

/** A caller who is refused only once documents were read, and a turn later, so that whoever does not wait has gone on. */
const refusedLate = () => {
  const documents: number[] = [];
  const confirmed = new Promise<void>((_, reject) => {
    onRead = (count) => {
      documents.push(count);
      setImmediate(() => reject(disabled));
    };
  });
  confirmed.catch(() => undefined);
  return { call: { ...as('staff'), confirmed }, documents };
};
const stored = async () =>
  (await storedWith(backend.firestore, '')).filter(
    (line) =>
      !/^muster_refusals\/|^muster_revocations\/uid-staff|"action":"(?:capability\.refused|accounts\.gone)"/u.test(
        line,
      ),
  );

describe.each([
  ['a change', startDrill, { scenarioId: SCENARIO_ID }],
  ['a change under a requestId', startDrill, { scenarioId: SCENARIO_ID, requestId: 'once' }],
  ['a read', getPolicy, {}],
  ['steps', sealNow, {}],
] as const)('%s', (_kind, operation, input) => {
  test('commits nothing and answers nothing, and costs no more than it declares', async () => {
    const before = await stored();
    const { call, documents } = refusedLate();
    expect(await refusalOf(backend.run(operation as typeof startDrill, input, call))).toMatchObject({
      code: 'UNAUTHENTICATED',
      details: { reason: 'USER_DISABLED' },
    });
    expect(documents[0]).toBeGreaterThan(0);
    expect(documents.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(operation.cost.reads + 2);
    expect(await stored()).toEqual(before);
  });

  test('is refused for that, whatever else is wrong, and that is counted for the account', async () => {
    const confirmed = Promise.reject(disabled);
    confirmed.catch(() => undefined);
    const call = { ...as('staff'), confirmed };
    const wrong = { ...input, unheardOf: 1 };
    expect(await refusalOf(backend.run(operation as typeof startDrill, wrong, call))).toBe(disabled);
    const { docs } = await backend.firestore.collection('muster_refusals').get();
    expect(docs.map((doc) => doc.data())).toMatchObject([
      { caller: 'uid-staff', reason: 'USER_DISABLED', count: 1, byCapability: { [capabilityOf(operation.name)]: 1 } },
    ]);
  });

  test('waits for Firebase Auth, and goes on when it has answered', async () => {
    let letIn = (): void => undefined;
    const confirmed = new Promise<void>((resolve) => (letIn = resolve));
    let isAnswered = false;
    const read = new Promise<void>((resolve) => (onRead = () => resolve()));
    const answered = backend
      .run(operation as typeof startDrill, input, { ...as('staff'), confirmed })
      .then(() => (isAnswered = true));
    await read;
    await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    letIn();
    expect(await answered).toBe(true);
  });
});

/** What it is counted under: its capability, or its name where it has none. */
const capabilityOf = (name: string): string => (name === 'drills-start' ? 'muster.drills.start' : name);
