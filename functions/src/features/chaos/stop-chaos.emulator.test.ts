import { givenAgain } from '../../../test/request-ids';
import { as, type Backend } from '../../../test/harness';
import { CommitGate } from '../../../test/commit-gate';
import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { arm, later, LEFTOVERS, leftovers, LOST, remainsOf, runSchedule } from '../../../test/experiments';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { armExperiment, chaosStatus, chaosWrite, continueExperiment, finishExperiment, liftChaos, stopChaos } from '.';

let watched: Watched;
let backend: Backend;
const gate = new CommitGate();
beforeEach(async () => {
  watched = await watchedBackend({ fetch: gate.fetch });
  ({ backend } = watched);
});
afterEach(() => backend.close());

const reason = 'something looks odd on staging';
const stop = (more: object = {}) => watched.call(stopChaos, { reason, ...more });
const statusOf = async (id: string) => (await backend.firestore.doc(`muster_experiments/${id}`).get()).get('status');

test('stopped, nothing is armed, and everyone is told why and how to lift it; lifted, it is as before', async () => {
  const { changed, stopped, rolledBack } = await stop();
  expect({ changed, stopped, rolledBack }).toEqual({
    changed: true,
    stopped: { by: 'uid-staff', at: later(0).toISOString(), reason },
    rolledBack: [],
  });
  expect(watched.entry()).toMatchObject({ action: 'chaos.stopped', target: 'chaos/current', rationale: reason });
  expect(await stop({ reason: 'another reason for it' })).toEqual({ changed: false, stopped, rolledBack: [] });

  const refusal = await watched.refused(armExperiment, { experiment: 'replay' });
  expect(refusal).toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining(reason),
    details: { reason: 'CHAOS_STOPPED', next: expect.stringMatching(/tabletop.*chaos-lift/u) },
  });
  expect(await watched.call(chaosStatus, {})).toMatchObject({
    allowed: false,
    why: expect.stringContaining(reason),
    stopped,
  });

  expect(await watched.call(liftChaos, { reason })).toEqual({ changed: true });
  expect(watched.entry()).toMatchObject({ action: 'chaos.lifted', metadata: { stoppedFor: reason } });
  expect(await watched.call(liftChaos, { reason })).toEqual({ changed: false });
  await watched.call(armExperiment, { experiment: 'replay' });
});

test('bad input is refused by name, and request ids are kept', async () => {
  for (const operation of [stopChaos, liftChaos]) {
    await expectBadInputIsNamed(watched, operation, { reason }, [
      ...NEVER,
      ['no reason', { reason: undefined }, 'reason'],
      ['a word for a reason', { reason: 'because' }, 'reason'],
    ]);
  }
  const requestId = 'chaos-stop:1';
  const first = await stop({ requestId });
  expect(await stop({ requestId })).toEqual(givenAgain(first));
  expect(watched.changedSomething()).toBe(false);
  expect(await watched.refused(stopChaos, { reason: 'another reason for it', requestId })).toMatchObject({
    details: { reason: 'REQUEST_ID_REUSED' },
  });
  expect(await watched.call(liftChaos, { reason, requestId: 'chaos-lift:1' })).toEqual({ changed: true });
  await stop();
  expect(await watched.call(liftChaos, { reason, requestId: 'chaos-lift:1' })).toEqual({
    changed: false,
    repeated: true,
  });
  expect(watched.changedSomething()).toBe(false);
});

test('every armed experiment is halted and undone, each in a commit of its own', async () => {
  const experiments = [await arm(backend, { connectors: 2 }), await arm(backend, {}, as('staff', 'uid-other'))];
  for (const { scope } of experiments)
    for (const leftover of LEFTOVERS.filter((name) => name !== 'outage')) await leftovers[leftover](backend, scope);
  const { rolledBack } = await backend.run(stopChaos, { reason });
  expect(rolledBack.toSorted()).toEqual(experiments.map(({ id }) => id).toSorted());
  for (const { id, scope } of experiments.slice(0, 1)) {
    expect(await statusOf(id)).toBe('aborted');
    expect(await remainsOf(backend, scope)).toEqual([]);
  }
  const entries = (await backend.auditEntries()).filter(({ action }) => action === 'chaos.rolled_back');
  expect(entries).toHaveLength(2);
  expect(entries).toMatchObject([{ actorId: 'uid-staff' }, { actorId: 'uid-staff' }]);
  const spent = backend.costs.at(-1)?.spent;
  expect(spent?.reads).toBeLessThanOrEqual(stopChaos.cost.reads + 2 * (stopChaos.cost.readsPerRow ?? 0));
  expect(spent?.writes).toBeLessThanOrEqual(stopChaos.cost.writes + 2 * (stopChaos.cost.writesPerRow ?? 0));
});

test('one that cannot be undone keeps no other from it, and the schedule does the rest', async () => {
  const broken = await arm(backend);
  const good = await arm(backend, { connectors: 1 });
  await backend.firestore.doc(`muster_experiments/${broken.id}`).update({ connectors: 'many' });
  await leftovers.kill(backend, good.scope);
  await leftovers.kill(backend, broken.scope);
  expect(await backend.run(stopChaos, { reason })).toMatchObject({ changed: true, rolledBack: [good.id] });
  expect(await remainsOf(backend, good.scope)).toEqual([]);
  expect(backend.logged.some((line) => line.includes(broken.id))).toBe(true);

  await backend.firestore.doc(`muster_experiments/${broken.id}`).update({ connectors: 0 });
  await runSchedule(backend, LOST);
  expect(await remainsOf(backend, broken.scope)).toEqual([]);
  expect(await statusOf(broken.id)).toBe('lost');
});

test('a damaged policy: the stop binds, what cannot be undone is not called undone, and the schedule goes on', async () => {
  const { id, scope } = await arm(backend);
  await leftovers.kill(backend, scope);
  const good = (await backend.firestore.doc('muster_policy/current').get()).data() ?? {};
  await backend.firestore.doc('muster_policy/current').set({});
  expect(await backend.run(stopChaos, { reason })).toMatchObject({ changed: true, rolledBack: [] });
  expect(await statusOf(id)).toBe('aborted');
  await backend.firestore.doc('muster_policy/current').set(good);
  await runSchedule(backend, later(60_000));
  expect(await remainsOf(backend, scope)).toEqual([]);
});

test('the runner is told to stop, writes nothing more, and its finish is no failure', async () => {
  const { id } = await arm(backend);
  await backend.run(stopChaos, { reason });
  await watched.settle();
  const experimentId = id;
  expect(await watched.call(continueExperiment, { experimentId })).toMatchObject({
    stop: expect.stringContaining('stopped'),
  });
  expect(await watched.refused(chaosWrite, { experimentId, key: 'one' })).toMatchObject({
    details: { reason: 'CHAOS_STOPPED' },
  });
  expect(await watched.call(finishExperiment, { experimentId, status: 'aborted' })).toMatchObject({
    changed: false,
    experiment: { status: 'aborted', reason: expect.stringContaining(reason) },
  });
});

test('a request to stop that is repeated after it was lifted halts nobody', async () => {
  const request = { reason, requestId: 'once' };
  await backend.run(stopChaos, request);
  await backend.run(liftChaos, { reason });
  const { id } = await arm(backend);
  expect(await backend.run(stopChaos, request)).toMatchObject({ rolledBack: [] });
  expect(await statusOf(id)).toBe('armed');
});

test.each([
  ['empty', {}],
  ['something else', { stopped: 'no' }],
  ['with a field more', { stopped: null, lastArmed: null, more: 1 }],
])('a chaos/current that is damaged (%s) stops, until somebody stops or lifts it', async (_, damaged) => {
  const { id: experimentId } = await arm(backend);
  await watched.given('muster_chaos/current', damaged);
  expect(await watched.refused(armExperiment, { experiment: 'replay' })).toMatchObject({
    details: { reason: 'CHAOS_STOPPED' },
  });
  expect(await watched.refused(chaosWrite, { experimentId, key: 'one' })).toMatchObject({
    details: { reason: 'CHAOS_STOPPED' },
  });
  expect(await watched.call(continueExperiment, { experimentId })).toMatchObject({
    stop: expect.stringContaining('unknown means no'),
  });
  expect(await watched.call(chaosStatus, {})).toMatchObject({ allowed: false, stopped: { by: 'muster' } });
  await watched.call(finishExperiment, { experimentId, status: 'aborted' });
  expect(await watched.call(liftChaos, { reason })).toEqual({ changed: true });
  await watched.call(armExperiment, { experiment: 'replay' });
  await watched.given('muster_chaos/current', damaged);
  await backend.run(stopChaos, { reason });
  expect((await backend.firestore.doc('muster_chaos/current').get()).get('stopped.reason')).toBe(reason);
});

test('against a stop, 12 armings and writes at once: after its acknowledgment nothing is armed or written', async () => {
  const outcomes = new Set<boolean>();
  for (let round = 0; round < 6; round += 1) {
    const { id: experimentId } = await arm(backend);
    const late: string[] = [];
    let acknowledged = false;
    let accepted = () => undefined as void;
    const firstAccepted = new Promise<void>((resolve) => (accepted = resolve));
    // Each goes on until it has begun once more after the acknowledgment.
    const tries = Array.from({ length: 12 }, async (_, index) => {
      let begunAfter = false;
      for (let again = 0; again < 200 && !begunAfter; again += 1) {
        begunAfter = acknowledged;
        const attempt =
          index % 3 === 0
            ? backend.run(armExperiment, { experiment: 'replay' })
            : backend.run(chaosWrite, { experimentId, key: `r${round}-${index}-${again}` });
        const ok = await attempt.then(
          () => true,
          () => false,
        );
        outcomes.add(ok);
        if (ok) accepted();
        if (ok && begunAfter) late.push(`${index}`);
      }
    });
    await Promise.race([firstAccepted, Promise.all(tries)]);
    await backend.run(stopChaos, { reason }).finally(() => (acknowledged = true));
    const written = (
      await backend.firestore.collection(`muster_experiments/${experimentId}/muster_writes`).count().get()
    ).data();
    const armed = await backend.firestore.collection('muster_experiments').where('status', '==', 'armed').get();
    expect(armed.docs.map((one) => one.id)).toEqual([]);
    await Promise.all(tries);
    expect(late).toEqual([]);
    expect(
      (await backend.firestore.collection(`muster_experiments/${experimentId}/muster_writes`).count().get()).data(),
    ).toEqual(written);
    expect((await backend.firestore.collection('muster_experiments').where('status', '==', 'armed').get()).size).toBe(
      0,
    );
    await backend.run(liftChaos, { reason });
  }
  // Otherwise nothing was tried before a stop, or nothing against it.
  expect(outcomes).toEqual(new Set([true, false]));
});

test.each([1, 2, 3, 4, 5, 6])(
  'an arming and a write that were decided before the stop do not outrun it (%#)',
  async () => {
    const { id: experimentId } = await arm(backend);
    // All three have read that nothing is stopped; then their commits are let go.
    gate.holdUntil(3);
    const arming = arm(backend).catch((error: unknown) => error);
    const writing = backend.run(chaosWrite, { experimentId, key: 'one' }).catch((error: unknown) => error);
    await backend.run(stopChaos, { reason });
    const armed = () => backend.firestore.collection('muster_experiments').where('status', '==', 'armed').get();
    const written = () => backend.firestore.doc(`muster_experiments/${experimentId}/muster_writes/one`).get();
    expect((await armed()).size).toBe(0);
    const { exists } = await written();
    const outcomes = await Promise.all([arming, writing]);
    expect((await armed()).size).toBe(0);
    expect((await written()).exists).toBe(exists);
    // Each came before the stop as a whole, or was refused because of it.
    for (const outcome of outcomes.filter((one) => one instanceof Error)) {
      expect(outcome).toMatchObject({ details: { reason: 'CHAOS_STOPPED' } });
    }
  },
);
