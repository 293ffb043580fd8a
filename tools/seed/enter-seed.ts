import { initializeApp } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { getFirestore } from 'firebase-admin/firestore';
import { bootstrap } from '@muster/cli/bootstrap/bootstrap';
import { enterExercise } from './enter-exercise';
import { accountOf, type PlannedDrill, type Sources } from './sources';
import { call, fireSchedule, signIn } from './suite-client';

/**
 * Fills an empty suite. Only the users and the first admin are made past the functions, because no function
 * can make them; everything else goes the way of its users, so that the seed is what users would have.
 */
export const enterSeed = async (sources: Sources, say: (line: string) => void): Promise<void> => {
  const { accounts, password, catalog, exercises, plan } = sources;
  const app = initializeApp();
  const auth = getAuth(app);
  for (const { uid, email, displayName } of accounts) {
    await auth.createUser({ uid, email, displayName, password, emailVerified: true });
  }
  say(`Accounts: ${accounts.map(({ email }) => email).join(', ')}.`);

  const admin = accountOf(sources, 'admin');
  await bootstrap({ firestore: getFirestore(app), auth, clock: () => new Date(), catalog }, { uid: admin.uid });
  const asAdmin = { token: await signIn(admin.email, password), correlationId: 'seed-roles' };
  for (const role of ['staff', 'auditor'] as const) {
    const { uid } = accountOf(sources, role);
    await call('staff-grant', asAdmin, { uid, role, reason: 'Demo account of the seed.' });
  }
  say(`Scenarios: ${catalog.map(({ id }) => id).join(', ')}.`);

  const staff = { token: await signIn(accountOf(sources, 'staff').email, password), correlationId: 'seed-plan' };
  for (const exercise of exercises) {
    await enterExercise(exercise, staff.token);
    say(`Held ${exercise.startedAt.slice(0, 10)}: ${exercise.scenarioId}.`);
  }
  for (const { overdue: _, ...drill } of plan) {
    await call('drills-schedule', staff, drill);
    say(`Due ${drill.dueAt.slice(0, 10)}: ${drill.scenarioId}.`);
  }
  await fireSchedule('drills-flagOverdue', new Date());
  const overdue = await refuseOtherOverdue(plan, staff.token);
  say(`Overdue: ${overdue.join(', ')}.`);
};

/** The dates of the plan age: a rebuild after them must not quietly make a seed in which all is overdue. */
const refuseOtherOverdue = async (plan: PlannedDrill[], token: string): Promise<string[]> => {
  const { drills } = await call('drills-list', { token }, { overdue: true });
  const found = drills.map(({ scenarioId, dueAt }) => `${scenarioId} (${dueAt?.slice(0, 10)})`).toSorted();
  const meant = plan
    .filter(({ overdue }) => overdue)
    .map(({ scenarioId, dueAt }) => `${scenarioId} (${dueAt.slice(0, 10)})`)
    .toSorted();
  if (found.join() !== meant.join()) {
    throw new Error(
      `seed/plan.json means these drills to be overdue: ${meant.join(', ')}; it is now true of: ${found.join(', ')}. Move the dates.`,
    );
  }
  return found;
};
