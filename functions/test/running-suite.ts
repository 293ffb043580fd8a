/** The running suite and people in it, for tests that go the way of real clients. */
import { randomBytes } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import type { AuditRow } from '@muster/contract/audit/entry';
import type { OperationName, RequestOf, ResponseOf } from '@muster/contract/operations';
import type { Role } from '@muster/contract/staff';
import { emulatorHost, SCENARIO } from './harness';
import { atDoor } from './security/suite-client';

const PROJECT = 'demo-muster';
const PASSWORD = 'a password of some length';

export interface SuitePerson {
  uid: string;
  email: string;
  password: string;
  /** The whole Authorization header. */
  authorization: string;
}

export interface RunningSuite {
  firestore: Firestore;
  /** In every id that this test makes, so that tests which share the suite keep apart. */
  mark: string;
  /** A scenario of the catalog that no other test uses. */
  scenarioId: string;
  person(role: Role | 'member'): Promise<SuitePerson>;
  /**
   * An operation, called as a web client does, and at the door, which is one process for all of them; fails the test unless it
   * is done.
   */
  call<Name extends OperationName>(
    name: Name,
    data: RequestOf<Name>,
    who: SuitePerson,
    headers?: Record<string, string>,
  ): Promise<ResponseOf<Name>>;
  /** Runs a schedule for a time, as Cloud Scheduler does; gives the HTTP status. */
  fire(
    schedule: 'drills-flagOverdue' | 'policy-expire' | 'connectors-tend' | 'chaos-rollback' | 'posture-canary',
    time: Date,
  ): Promise<number>;
  /** Audit entries by a filter, asked for as an auditor. */
  entries(filter: RequestOf<'audit-query'>): Promise<AuditRow[]>;
  close(): Promise<void>;
}

export const runningSuite = async (): Promise<RunningSuite> => {
  const mark = `t${randomBytes(5).toString('hex')}`;
  const scenarioId = `${mark}-scenario`;
  const app = initializeApp({ projectId: PROJECT }, mark);
  const firestore = new Firestore({ projectId: PROJECT, host: emulatorHost(), ssl: false });
  await firestore.doc(`muster_scenarios/${scenarioId}`).set(SCENARIO);

  const person: RunningSuite['person'] = async (role) => {
    const uid = `${mark}-${role}-${randomBytes(3).toString('hex')}`;
    const email = `${uid}@example.com`;
    await getAuth(app).createUser({ uid, email, emailVerified: true, password: PASSWORD });
    if (role !== 'member') await getAuth(app).setCustomUserClaims(uid, { [role]: true });
    return { uid, email, password: PASSWORD, authorization: `Bearer ${await signIn(email)}` };
  };

  const call: RunningSuite['call'] = async (name, data, who, headers = {}) => {
    const { authorization } = who;
    const { status, json, text } = await atDoor(name, { authorization, headers, body: JSON.stringify({ data }) });
    if (status !== 200) throw new Error(`${name} was answered ${status}: ${text}`);
    return json['result'] as never;
  };

  const [staff, auditor] = await Promise.all([person('staff'), person('auditor')]);
  await storePolicyIfNone(staff);

  return {
    firestore,
    mark,
    scenarioId,
    person,
    call,
    async fire(schedule, time) {
      const url = `${process.env['MUSTER_FUNCTIONS_ORIGIN']}/functions/projects/${PROJECT}/triggers/us-central1-${schedule}-0`;
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'X-CloudScheduler-ScheduleTime': time.toISOString(),
          'X-CloudScheduler-JobName': `firebase-schedule-${schedule}-us-central1`,
        },
        body: '{}',
      });
      await response.arrayBuffer();
      return response.status;
    },
    async entries(filter) {
      return (await call('audit-query', { limit: 200, ...filter }, auditor)).entries;
    },
    async close() {
      await firestore.terminate();
      await deleteApp(app);
    },
  };
};

/** A fresh project has no policy, and unknown means no; a staff member stores one this way. */
const storePolicyIfNone = async ({ authorization }: SuitePerson): Promise<void> => {
  const { status } = await atDoor('policy-get', { authorization, body: '{"data":{}}' });
  if (status === 503) await atDoor('policy-exitDegraded', { authorization, body: '{"data":{}}' });
};

const signIn = async (email: string): Promise<string> => {
  const host = process.env['FIREBASE_AUTH_EMULATOR_HOST'];
  const response = await fetch(`http://${host}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=any`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD, returnSecureToken: true }),
  });
  const { idToken } = (await response.json()) as { idToken: string };
  return idToken;
};
