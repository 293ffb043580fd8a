import { errorFields } from '@muster/core/log';
import { MusterError } from '@muster/core/errors';
import { parsedPolicy, policyAsStored, restrictionsOf } from '@muster/guard/policy-document';
import { redactText } from '@muster/core/redaction/redaction';
import type { AuditDraft } from '@muster/core/audit/audit-draft';
import { changed, unchanged } from '../../platform/operations/change';
import type { Job, JobContext } from '../../platform/operations/job';
import { killCanary, restoreCanary } from '../policy/for-others/canary-switch';
import { expected, expectedAsStored, expectedAt, type Expected } from './canary-document';
import { CAPABILITY, nameIn, ROUNDS, tryDoors } from './canary-tries';
import { afterRun, type Proof } from './control';
import { controlsIn, postureAt } from './posture-document';
import { logicalName } from '@muster/core/storage/paths';
import { verdictOf, type Round } from './verdict';

const MINUTE_MS = 60_000;
/** A crash in the middle wears off by itself after so long, without any schedule. */
const KILLED_MS = 10 * MINUTE_MS;
/** Longer than a function lives. */
const LEASE_MS = 1.5 * MINUTE_MS;
const KEPT_MS = 24 * 60 * MINUTE_MS;

/**
 * `posture-canary`: proves every hour, in production too, that a kill switch stops a write through rules and one through the
 * guard, with a name that nothing else has (docs/adr/0008). Times are those of the clock, not of the schedule: what is tried,
 * is tried now. Reads own entry, claim and policy, each change its policy, at the end the posture and the claim; writes claim,
 * policy twice, posture and end of the claim, and four entries. Beside that: three tries at each door.
 */
export const postureCanary: Job = {
  name: 'posture_canary',
  schedule: '0 * * * *',
  quiet: true,
  cost: { reads: 9, writes: 9 },
  async run(context) {
    const run = await begin(context);
    if (!run) return { ran: 0 };
    const proof = await prove(context, run);
    tell(context, run, proof);
    await record(context, run, proof);
    return { ran: 1, [proof.state]: 1 };
  },
};

/** Claims the run, and undoes what an earlier one has left. Undefined when it was made before, or another is on its way. */
const begin = async ({ ids, clock, change, entryAt }: JobContext): Promise<Expected | undefined> => {
  const now = clock();
  const after = (ms: number) => new Date(now.getTime() + ms);
  const [run, number] = [ids('cny'), ids('cny')];
  const claim = {
    run,
    number,
    names: ROUNDS.map((round) => nameIn(run, round)),
    until: after(KILLED_MS),
    keptUntil: after(KEPT_MS),
    leaseUntil: after(LEASE_MS),
  };
  const claimed = await change(`begin ${run}`, async (work) => {
    await work.prefetch([entryAt('ran'), expectedAsStored()]);
    const before = expected.safeParse(await work.read(expectedAsStored())).data;
    if (work.seen(entryAt('ran')) || (before && before.leaseUntil > now)) return unchanged(false);
    work.write(expectedAt(), claim);
    return changed(true, { action: 'posture.canary_began', target: logicalName(expectedAt().path), metadata: { run } });
  });
  if (!claimed) return undefined;
  await change(`undo ${run}`, (work) => asChange(restoreCanary(work)));
  return claim;
};

const reasonOf = ({ run }: Expected): string => `Armed-switch canary, run ${run}`;

const asChange = async (staging: Promise<AuditDraft | undefined>) => {
  const entry = await staging;
  return entry ? changed(true, entry) : unchanged(false);
};

const prove = async (context: JobContext, run: Expected): Promise<Proof> => {
  try {
    return await tried(context, run);
  } catch (error) {
    context.log.error('the armed-switch canary broke off', { run: run.run, ...errorFields(error) });
    const why = error instanceof MusterError ? error.message : 'an unexpected error, which is in the log.';
    const finding = `The run broke off: ${why} What it may have killed ("canary") wears off by itself.`;
    return { state: 'unclear', finding, latencies: null };
  }
};

/** Control, kill, try, restore, control. */
const tried = async (context: JobContext, run: Expected): Promise<Proof> => {
  const { clock, change } = context;
  const since = (begun: Date): number => Math.max(0, clock().getTime() - begun.getTime());
  const before = await tryDoors(context, run, 'before');
  const tries = { before, killed: undefined, after: undefined, stood: false, restrictedBy: undefined };
  if (before.rules.answer !== 'taken' || before.guard.answer !== 'taken') {
    return verdictOf({ ...tries, killMs: 0, restoreMs: 0 });
  }

  const reason = reasonOf(run);
  let killed: Round | undefined;
  let stood = false;
  let begun = clock();
  let [killMs, restoreMs] = [0, 0];
  try {
    const order = { reason, at: begun, until: new Date(begun.getTime() + KILLED_MS) };
    if (await change(`kill ${run.run}`, (work) => asChange(killCanary(work, order)))) {
      killMs = since(begun);
      killed = await tryDoors(context, run, 'killed');
    }
  } finally {
    // Also when the kill failed: it may stand all the same.
    begun = clock();
    stood = await change(`restore ${run.run}`, (work) => asChange(restoreCanary(work, reason)));
    restoreMs = since(begun);
  }
  const after = killed && (await tryDoors(context, run, 'after'));
  const restrictedBy = await restrictionOn(context);
  return verdictOf({ before, killed, after, stood, restrictedBy, killMs, restoreMs });
};

/** What restricts the canary's write now, in words; undefined when nothing does. */
const restrictionOn = async ({ read, clock }: JobContext): Promise<string | undefined> => {
  const work = read();
  await work.prefetch([policyAsStored()]);
  const policy = parsedPolicy(work.seen(policyAsStored()));
  if (!policy) return 'the policy cannot be read';
  const [restriction] = restrictionsOf(policy, { name: CAPABILITY, class: 'write' }, clock());
  return restriction && `${restriction.kind} ${restriction.name}`;
};

/** Before anything else that could fail: whether it can be stored or not, red wakes someone. */
const tell = ({ log }: JobContext, { run }: Expected, { state, finding }: Proof): void => {
  if (state === 'failed') log.critical('the armed-switch canary is red: a kill switch does not hold', { run, finding });
  if (state === 'unclear') log.error('the armed-switch canary could not tell', { run, finding });
};

/** Keeps the proof, and ends the claim: the number opens nothing any more. */
const record = ({ change, clock, entryAt }: JobContext, { run }: Expected, proof: Proof): Promise<boolean> => {
  const found = { ...proof, finding: proof.finding === null ? null : redactText(proof.finding) };
  return change('ran', async (work) => {
    await work.prefetch([entryAt('ran'), postureAt(), expectedAsStored()]);
    if (work.seen(entryAt('ran'))) return unchanged(false);
    const controls = controlsIn(work.seen(postureAt()));
    const control = afterRun(controls['armed-switch'], found, clock());
    work.write(postureAt(), { controls: { ...controls, 'armed-switch': control } });
    const { path } = expectedAt();
    const claim = expected.safeParse(work.seen(expectedAsStored())).data;
    if (claim?.run === run) work.stage({ kind: 'delete', path, expects: work.expectationOf(path) });
    return changed(true, {
      action: 'posture.canary_ran',
      target: logicalName(postureAt().path),
      outcome: found.state === 'proven' ? 'success' : 'failed',
      metadata: { run, ...found },
    });
  });
};
