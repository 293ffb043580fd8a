/** start-drill and record-event, in process and through HTTP. */
import { newBackend, SCENARIO_ID } from '@muster/functions/test/harness';
import { recordEvent, startDrill } from '@muster/functions/features/drills/index';
import { copies, inTransaction, readThenBatch } from './by-hand';
import { compare, type Comparison } from './measure';

const OPTIONS = { runs: 200, warmUp: 100 };

/** The emulator's Java compiles what it runs often; before that, times fall from run to run by more than half. */
const UNTIL_COMPILED = 1_500;

export const inProcess = async (): Promise<Comparison[]> => {
  const backend = await newBackend();
  const { firestore } = backend;
  const { drill } = await backend.run(startDrill, { scenarioId: SCENARIO_ID });
  const record = (drillId: string) => backend.run(recordEvent, { drillId, type: 'observation', note: 'seen' });
  await record(drill.id);
  const [stored, events, audit] = await Promise.all([
    firestore.doc(`muster_drills/${drill.id}`).get(),
    firestore.collection(`muster_drills/${drill.id}/muster_events`).limit(1).get(),
    firestore.collection('muster_audit').limit(1).get(),
  ]);
  const documents = copies(stored.data() ?? {}, events.docs[0]?.data() ?? {}, audit.docs[0]?.data() ?? {});
  const policy = ['muster_policy/current', 'muster_revocations/uid-staff'];
  const toStart = [...policy, `muster_scenarios/${SCENARIO_ID}`];
  const toRecord = [...policy, `muster_drills/${drill.id}`];
  const start = async () => void (await backend.run(startDrill, { scenarioId: SCENARIO_ID }));

  // A drill of its own for each side, so that neither waits for the other's document.
  const { drill: other } = await backend.run(startDrill, { scenarioId: SCENARIO_ID });
  for (let run = 0; run < UNTIL_COMPILED; run += 1) {
    await start();
    await readThenBatch(firestore, toStart, documents());
  }
  const results = [
    await compare(
      'start-drill / the same reads and batch by hand, unguarded',
      { ours: start, theirs: () => readThenBatch(firestore, toStart, documents()) },
      { ...OPTIONS, goal: 1.25 },
    ),
    await compare(
      'record-event / the same reads and batch by hand, unguarded',
      {
        ours: async () => void (await record(drill.id)),
        theirs: () => readThenBatch(firestore, toRecord, documents(other.id)),
      },
      { ...OPTIONS, goal: 1.25 },
    ),
    await compare(
      'start-drill / the same in a server transaction by hand',
      { ours: start, theirs: () => inTransaction(firestore, toStart, documents()) },
      OPTIONS,
    ),
    await compare(
      'start-drill / the batch alone by hand, no reads, unguarded',
      { ours: start, theirs: () => writeAlone(firestore, documents()) },
      OPTIONS,
    ),
  ];
  await backend.close();
  return results;
};

const writeAlone: (
  firestore: Parameters<typeof readThenBatch>[0],
  writes: Parameters<typeof readThenBatch>[2],
) => Promise<void> = async (firestore, writes) => {
  const batch = firestore.batch();
  for (const { path, data } of writes) batch.set(firestore.doc(path), data);
  await batch.commit();
};

/** The deployed callable with a real token, against a bare function that writes three documents of the same size. */
export const throughHttp = async (idToken: string, functionsUrl: string): Promise<Comparison> => {
  const backend = await newBackend();
  const { drill } = await backend.run(startDrill, { scenarioId: SCENARIO_ID });
  const [stored, events, audit] = await Promise.all([
    backend.firestore.doc(`muster_drills/${drill.id}`).get(),
    backend.firestore.collection(`muster_drills/${drill.id}/muster_events`).limit(1).get(),
    backend.firestore.collection('muster_audit').limit(1).get(),
  ]);
  const documents = copies(stored.data() ?? {}, events.docs[0]?.data() ?? {}, audit.docs[0]?.data() ?? {});
  await backend.close();

  const call = async (name: string, data: unknown): Promise<void> => {
    const response = await fetch(`${functionsUrl}/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${idToken}` },
      body: JSON.stringify({ data }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${name} answered ${response.status}: ${answer.slice(0, 300)}`);
  };
  return compare(
    'start-drill through HTTP / a bare function that writes the same',
    {
      ours: () => call('drills-start', { scenarioId: SCENARIO_ID }),
      theirs: () => call('bare', { documents: documents() }),
    },
    { runs: 100, warmUp: UNTIL_COMPILED / 5, goal: 1.5 },
  );
};
