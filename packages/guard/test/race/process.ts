/** One process of the race: workers that write as fast as they can, until they are told to stop. */
import { randomBytes } from 'node:crypto';
import { initializeApp } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import { createGuard, MusterError, type ProductRequest } from '../../src';
import { CAPABILITY, EFFECTS, type ProcessPlan, type ToChild, type ToParent, type WorkerPlan } from './plan';

const { projectId, workers } = JSON.parse(process.env['RACE_PLAN'] ?? '{}') as ProcessPlan;
const app = initializeApp({ projectId });
const firestore = getFirestore(app);
const log = { error: () => {}, critical: () => {}, emergency: () => {} };
const guard = createGuard({ app, log });

let going = true;
const isGoing = (): boolean => going;
let release = (): void => {};
const released = new Promise<void>((resolve) => (release = resolve));
const tell = (word: ToParent): void => void process.send?.(word);

const requestOf = ({ actor, authTime, owner, delegation }: WorkerPlan): ProductRequest => ({
  ...{ capability: CAPABILITY, actor, authTime, owner, delegation },
});
const effectOf = ({ actor, delegation, way }: WorkerPlan) => ({ actor, delegation: delegation ?? null, way });
const newId = () => randomBytes(10).toString('hex');

const attempt = async (worker: WorkerPlan): Promise<boolean> => {
  const path = `${EFFECTS[worker.way]}/${newId()}`;
  if (worker.way === 'naive') {
    if (!(await guard.check(requestOf(worker))).allowed) return false;
    await firestore.doc(path).create(effectOf(worker));
    return true;
  }
  try {
    await guard.run(requestOf(worker), async (work) => {
      if (worker.way === 'hung' && isGoing()) {
        tell({ type: 'hanging' });
        await released;
      }
      work.create(path, effectOf(worker));
    });
    return true;
  } catch (error) {
    // Outrun a dozen times by switches is no commit either.
    if (error instanceof MusterError && error.code !== 'UNAVAILABLE' && error.code !== 'INTERNAL') return false;
    throw error;
  }
};

const work = async (worker: WorkerPlan): Promise<void> => {
  while (isGoing()) {
    const done = await attempt(worker);
    if (worker.way !== 'naive') tell({ type: 'progress', done: done ? 1 : 0, refused: done ? 0 : 1 });
  }
};

process.on('message', (word: ToChild) => {
  if (word.type === 'release') release();
  if (word.type === 'stop') {
    going = false;
    release();
  }
  if (word.type !== 'go') return;
  Promise.all(workers.map(work)).then(
    () => process.exit(0),
    (error: unknown) => {
      tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      process.exit(1);
    },
  );
});
tell({ type: 'ready' });
