/**
 * What a freshly seeded suite holds. Other tests write to the same project at the same time, so this looks at
 * what the seed made and nobody else can have made: by time, by correlation id, or as it was imported.
 */
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { join } from 'node:path';
import { Firestore, type Transaction } from 'firebase-admin/firestore';
import type { Figure } from '@muster/contract/drills';
import { NORMAL_POLICY } from '@muster/contract/normal-policy';
import { BRINGS, rolesIn } from '@muster/contract/staff';
import { timelineOf } from './enter-exercise';
import { accountOf, readSources } from './sources';
import { call, signIn } from './suite-client';

const sources = readSources(join(__dirname, '..', '..'));
const { accounts, password } = sources;

let auditor: string;
beforeAll(async () => {
  auditor = await signIn(accountOf(sources, 'auditor').email, password);
});

const heldOn = async (scenarioId: string, day: string) => {
  const from = `${day}T00:00:00Z`;
  const to = `${day}T23:59:59Z`;
  const { drills } = await call('drills-list', { token: auditor }, { scenarioId, from, to });
  expect(drills).toHaveLength(1);
  const { drill, events } = await call('drills-get', { token: auditor }, { drillId: drills[0]?.id ?? '' });
  return { drill, events };
};

const entriesFor = async (asked: { target?: string; correlationId?: string }) => {
  const { entries } = await call('audit-query', { token: auditor }, { ...asked, limit: 200 });
  return entries;
};

const minutesOf = ({ valueMs, result, source }: Figure) => [valueMs === null ? null : valueMs / 60_000, result, source];
const UNKNOWN = [null, 'not_measured', 'none'];

// The table of the runbook, written down once more: what stands in seed/exercises.json must not vouch for itself.
describe.each([
  {
    scenarioId: 'sql-injection',
    day: '2024-03-25',
    severity: 'P0',
    ttd: [3, 'met', 'events'],
    tta: [12, 'met', 'events'],
    ttc: [25, 'met', 'events'],
    ttr: [105, 'met', 'events'],
    attendance: { invited: 6, attended: 5 },
    remark: 'Excellent response',
    changes: 6,
  },
  {
    scenarioId: 'contract-exploit',
    day: '2024-06-24',
    severity: 'P0',
    ttd: [8, 'missed', 'events'],
    tta: [20, 'missed', 'events'],
    ttc: [45, 'missed', 'events'],
    ttr: [195, 'missed', 'events'],
    attendance: { invited: 6, attended: 6 },
    remark: 'Pause function worked',
    changes: 6,
  },
  {
    scenarioId: 'ddos-attack',
    day: '2024-09-23',
    severity: 'P1',
    ttd: [5, 'met', 'events'],
    tta: [30, 'met', 'events'],
    ttc: [70, 'met', 'events'],
    ttr: [270, 'met', 'events'],
    attendance: { invited: 6, attended: 5 },
    remark: 'Rate limiter effective',
    changes: 6,
  },
  {
    scenarioId: 'disaster-recovery',
    day: '2024-12-16',
    severity: 'P0',
    ttd: UNKNOWN,
    tta: UNKNOWN,
    ttc: UNKNOWN,
    ttr: [360, 'missed', 'reported'],
    attendance: { invited: 6, attended: 6 },
    remark: 'Full restore successful',
    changes: 2,
  },
  {
    scenarioId: 'disaster-recovery',
    day: '2025-11-26',
    severity: 'P0',
    ttd: UNKNOWN,
    tta: UNKNOWN,
    ttc: UNKNOWN,
    ttr: UNKNOWN,
    attendance: null,
    remark: 'DR_DRILL_20251126_112822',
    changes: 7,
  },
])('the exercise of $day, $scenarioId', (held) => {
  let found: Awaited<ReturnType<typeof heldOn>>;
  beforeAll(async () => {
    found = await heldOn(held.scenarioId, held.day);
  });

  test('has the figures of the runbook', () => {
    const { drill } = found;
    expect(drill).toMatchObject({
      status: 'completed',
      exercise: true,
      severity: held.severity,
      outcome: 'success',
      overdue: false,
      createdBy: accountOf(sources, 'staff').uid,
      notes: expect.stringContaining(held.remark),
    });
    const { ttd, tta, ttc, ttr } = drill.figures ?? {};
    expect([ttd, tta, ttc, ttr].map((figure) => figure && minutesOf(figure))).toEqual([
      held.ttd,
      held.tta,
      held.ttc,
      held.ttr,
    ]);
    expect(drill.attendance).toEqual(held.attendance);
  });

  test('has exactly one audit entry for each change', async () => {
    const { drill, events } = found;
    const entries = await entriesFor({ target: `drills/${drill.id}` });
    expect(entries).toHaveLength(held.changes);
    expect(entries.every(({ exercise, actorId }) => exercise && actorId === accountOf(sources, 'staff').uid)).toBe(
      true,
    );
    // Start and completion say their status, newest first; every event between them names itself, once.
    const statuses = entries.map(({ metadata }) => metadata['status']).filter((status) => status !== undefined);
    expect(statuses).toEqual(['completed', 'started']);
    const named = entries.map(({ metadata }) => metadata['eventId']).filter((id) => id !== undefined);
    const between = events.filter(({ type }) => type !== 'started' && type !== 'completed').map(({ id }) => id);
    expect(named).toHaveLength(between.length);
    expect(new Set(named)).toEqual(new Set(between));
  });
});

test('the recovery test of 2025 ran 8 seconds with 18 of 18 checks, and says what stays open', async () => {
  const { drill, events } = await heldOn('disaster-recovery', '2025-11-26');
  expect(drill).toMatchObject({
    kind: 'recovery_test',
    startedAt: '2025-11-26T11:28:22.000Z',
    endedAt: '2025-11-26T11:28:30.000Z',
    checks: { total: 18, passed: 18 },
  });
  expect(drill.unresolvedRisks).toHaveLength(4);
  const observed = events.filter(({ type }) => type === 'observation').map(({ note }) => note);
  expect(observed.filter((note) => note?.includes('RTO'))).toHaveLength(3);
  expect(observed.filter((note) => note?.includes('RPO'))).toHaveLength(2);
});

test.each(accounts)('$email signs in and has the claims of its role', async ({ email, uid, role }) => {
  const token = await signIn(email, password);
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  expect(claims['sub']).toBe(uid);
  expect(rolesIn(claims)).toEqual(role === 'member' ? [] : [...BRINGS[role], role]);
  await expect(call('policy-get', { token }, {})).resolves.toHaveProperty('policy');
});

test('roles were granted by the admin, once each', async () => {
  const entries = await entriesFor({ correlationId: 'seed-roles' });
  expect(entries.map(({ action, actorId, target }) => [action, actorId, target])).toEqual([
    ['staff.role_granted', 'demo-admin', 'staff/demo-auditor'],
    ['staff.role_granted', 'demo-admin', 'staff/demo-staff'],
  ]);
});

test('the next drills are planned as seed/plan.json says, and the one that was due is flagged', async () => {
  const planned = await entriesFor({ correlationId: 'seed-plan' });
  expect(planned.every(({ metadata }) => metadata['status'] === 'scheduled')).toBe(true);
  const drills: { scenarioId: string; due: number; flags: number }[] = [];
  // One after the other: calls at once would each wait for a function process of their own.
  for (const { target } of planned) {
    const { drill } = await call('drills-get', { token: auditor }, { drillId: target.replace('drills/', '') });
    const flags = (await entriesFor({ target })).filter(({ action }) => action === 'drills.overdue_flagged');
    drills.push({ scenarioId: drill.scenarioId, due: Date.parse(drill.dueAt ?? ''), flags: flags.length });
  }
  const meant = sources.plan.map(({ scenarioId, dueAt, overdue }) => ({
    scenarioId,
    due: Date.parse(dueAt),
    flags: overdue ? 1 : 0,
  }));
  const byDue = (a: { due: number }, b: { due: number }) => a.due - b.due;
  expect(drills.toSorted(byDue)).toEqual(meant.toSorted(byDue));
});

/** Of google.rpc.Code. */
const STATUS_UNKNOWN = 2;

describe('as it was imported, before any other test wrote', () => {
  const { GCLOUD_PROJECT: projectId = '', FIRESTORE_EMULATOR_HOST: host = '' } = process.env;
  const firestore = new Firestore({ projectId, host, ssl: false });
  afterAll(() => firestore.terminate());

  /** All documents of an import have one time of creation; that of an entry nobody changes or deletes tells it. */
  const asImported = async <T>(read: (at: Transaction) => Promise<T>): Promise<T> => {
    const { docs } = await firestore
      .collection('muster_audit')
      .where('callerRequestId', '==', 'seed-roles')
      .limit(1)
      .get();
    const readTime = docs[0]?.createTime;
    if (!readTime) throw new Error('The seed was not imported: npm run seed');
    const once = () => firestore.runTransaction(read, { readOnly: true, readTime });
    // A busy emulator answers such a read with UNKNOWN now and then. What it reads is fixed, so asking again hides nothing.
    const isUnknown = (error: Error): boolean => 'code' in error && error.code === STATUS_UNKNOWN;
    return retry(handleWhen(isUnknown), { maxAttempts: 6, backoff: new ExponentialBackoff() }).execute(once);
  };

  test('nothing is restricted', async () => {
    const policy = await asImported((at) => at.get(firestore.doc('muster_policy/current')));
    expect(policy.data()).toEqual(NORMAL_POLICY);
  });

  test('one drill is overdue', async () => {
    const { docs } = await asImported((at) =>
      at.get(firestore.collection('muster_drills').where('overdue', '==', true)),
    );
    expect(docs.map((drill) => [drill.get('scenarioId'), drill.get('status')])).toEqual([
      ['connector-outage', 'scheduled'],
    ]);
  });

  test('the catalog is stored as its files say', async () => {
    const { docs } = await asImported((at) => at.get(firestore.collection('muster_scenarios')));
    const stored = docs.map((one) => ({ id: one.id, scenario: one.data() }));
    expect(stored).toEqual(sources.catalog);
  });

  test('the whole log has one entry for each change, and no other', async () => {
    const { docs } = await asImported((at) => at.get(firestore.collection('muster_audit')));
    // What an entry is about is called by its logical name, wherever it is stored.
    expect(docs.filter((entry) => JSON.stringify(entry.data()).includes('muster_')).map(({ id }) => id)).toEqual([]);
    const counts: Record<string, number> = {};
    for (const entry of docs) counts[entry.get('action')] = (counts[entry.get('action')] ?? 0) + 1;
    const { exercises, plan } = sources;
    expect(counts).toEqual({
      'staff.bootstrapped': 1,
      'staff.role_granted': 2,
      'studio_ops.drill_event': 2 * exercises.length + plan.length,
      'drills.event_recorded': exercises.flatMap(timelineOf).length,
      'drills.overdue_flagged': 1,
      'jobs.drills_flag_overdue.ran': 1,
    });
  });
});
