/** Chaos: experiments on the brakes, on staging. What the backend keeps of them, and how they are stopped. */
import * as z from 'zod';
import * as v from './values';

/** What `MUSTER_ENVIRONMENT` may say; anything else, and nothing, counts as production (law 8). */
export const deploymentEnvironment = z.enum(['production', 'staging', 'development']);
export type DeploymentEnvironment = z.infer<typeof deploymentEnvironment>;

export const experimentName = z.enum([
  'kill-switch',
  'connector-storm',
  'delegation-race',
  'session-revocation-race',
  'replay',
  'forgery',
  'policy-outage',
]);
export type ExperimentName = z.infer<typeof experimentName>;

/** One word, in the name of everything that an experiment touches: `chaos.<scope>`, `chaos-<scope>`, `chaos-<scope>-1`. */
export const scope = z.string().regex(/^[a-z0-9]{10}$/u);
export const capabilityIn = (word: string): string => `chaos.${word}.write`;
export const killedIn = (word: string): string => `chaos.${word}`;
/** Who acts in an experiment as an agent, or has a session that is ended: nobody of Firebase Auth. */
export const subjectIn = (word: string): string => `chaos-${word}`;
/** Whether a name is that of something that experiments or the canary act on: nobody else is let do anything there. */
export const isReservedCapability = (name: string): boolean => /^(?:chaos|canary)(?:\.|$)/u.test(name);
export const isReservedSubject = (uid: string): boolean => uid.startsWith('chaos-');
export const connectorIn = (word: string, number: number): string => `chaos-${word}-${number}`;
export const MOST_CONNECTORS = 20;

/** An armed experiment whose runner has not been heard of for so long is rolled back. */
export const LEASE_MS = 30_000;
/** No experiment is armed for longer, whatever its runner says. */
export const LONGEST_MS = 15 * 60_000;

/**
 * `armed`: running. `completed`: steady before and after. `deviated`: the brake did not hold, or steadiness did not
 * return. `aborted`: it stopped itself, or was stopped. `lost`: its runner was not heard of, and a schedule rolled it back.
 */
export const experimentStatus = z.enum(['armed', 'completed', 'deviated', 'aborted', 'lost']);

/** What was measured. Counts of operations and milliseconds; what was not measured is null, never zero. */
export const experimentFigures = z.strictObject({
  /** Operations tried while the failure was on, that it should not have hurt, and how many of them failed. */
  bystanders: z.strictObject({ tried: z.int().min(0), failed: z.int().min(0) }),
  /** Operations tried while the failure was on, in all, and how many failed: by design or not. */
  operations: z.strictObject({ tried: z.int().min(0), failed: z.int().min(0) }),
  /** How often a brake or a fallback was due, and how often it acted. */
  fallbacks: z.strictObject({ due: z.int().min(0), activated: z.int().min(0) }),
  /** From the end of the failure until the steady state held again. */
  recoveryMs: z.int().min(0).nullable(),
  /** From the call that sets the brake to its acknowledgment. */
  brakeMs: z.int().min(0).nullable(),
});
export type ExperimentFigures = z.infer<typeof experimentFigures>;

export const experimentView = z.strictObject({
  id: v.experimentId,
  /** Always true: chaos never passes for an incident (law 7). */
  exercise: z.literal(true),
  experiment: experimentName,
  scope,
  status: experimentStatus,
  by: z.string(),
  armedAt: v.instant,
  /** Rolled back by a schedule unless heard of before. */
  leaseUntil: v.instant,
  endedAt: v.instant.nullable(),
  /** Why it did not complete. */
  reason: z.string().nullable(),
  drillId: v.drillId.nullable(),
  figures: experimentFigures.nullable(),
  /** SHA-256 of the runner's journal, in hex. */
  journalDigest: z.string().nullable(),
});
export type ExperimentView = z.infer<typeof experimentView>;

const stopped = z.strictObject({ by: z.string(), at: v.instant, reason: z.string() });

/** `allowed`: an experiment may be armed now. `why` says what forbids it. */
export const chaosStatus = {
  request: z.strictObject({}),
  response: z.strictObject({
    environment: deploymentEnvironment,
    allowed: z.boolean(),
    why: z.string().nullable(),
    stopped: stopped.nullable(),
    armed: z.array(experimentView),
  }),
};

/** Begins an experiment: from here on it is rolled back by a schedule, unless its runner is heard of. */
export const armExperiment = {
  request: z.strictObject({
    experiment: experimentName,
    /** Connectors that it will register, `chaos-<scope>-1` and on, so that they can be removed without it. */
    connectors: z.int().min(0).max(MOST_CONNECTORS).default(0),
    /** The running drill that this is part of. */
    drillId: v.drillId.optional(),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({ experiment: experimentView }),
};

/** "Still here": extends the lease. `stop` says why the runner must roll back now; null to go on. */
export const continueExperiment = {
  request: z.strictObject({ experimentId: v.experimentId }),
  response: z.strictObject({ stop: z.string().nullable(), leaseUntil: v.instant }),
};

/** How the policy seems to be to this one write, in this one experiment. Nobody else notices. */
export const policyFault = z.enum(['missing', 'damaged', 'unreachable', 'of_another_version']);

/** `self`: the caller. `agent`: the subject, for the caller, with a delegation. `subject`: the subject's own session. */
export const writesAs = z.enum(['self', 'agent', 'subject']);

/** One guarded write in the scope of an armed experiment, `muster_experiments/{id}/muster_writes/{key}`; it changes nothing else. */
export const chaosWrite = {
  request: z
    .strictObject({
      experimentId: v.experimentId,
      /** Its own name; the same name is written once. */
      key: z.string().regex(/^[a-z0-9-]{1,60}$/u, '1 to 60 lower-case letters, digits or "-"'),
      as: writesAs.default('self'),
      delegation: v.delegationId.optional(),
      policy: policyFault.optional(),
    })
    .refine((input) => (input.as === 'agent') === (input.delegation !== undefined), {
      path: ['delegation'],
      error: 'an agent writes with a delegation, nobody else does',
    }),
  response: z.strictObject({ changed: z.boolean(), key: z.string() }),
};

/** Ends an armed experiment: everything of its scope is undone in the same commit, then its result is kept. */
export const finishExperiment = {
  request: z.strictObject({
    experimentId: v.experimentId,
    status: experimentStatus.extract(['completed', 'deviated', 'aborted']),
    reason: v.text(1000).optional(),
    figures: experimentFigures.optional(),
    journalDigest: z
      .string()
      .regex(/^[0-9a-f]{64}$/u, 'a SHA-256 in hex')
      .optional(),
    requestId: v.requestId.optional(),
  }),
  /** `changed` is false when it had ended before, by this call or by a schedule. `undone`: what was still there. */
  response: z.strictObject({ changed: z.boolean(), undone: z.array(z.string()), experiment: experimentView }),
};

export const listExperiments = {
  request: z.strictObject({ experiment: experimentName.optional(), limit: v.limit, cursor: v.cursor.optional() }),
  response: z.strictObject({ experiments: z.array(experimentView), nextCursor: v.cursor.nullable() }),
};

/** Halts every armed experiment and keeps new ones from being armed, until it is lifted. Tabletops go on. */
export const stopChaos = {
  request: z.strictObject({ reason: v.justification, requestId: v.requestId.optional() }),
  response: z.strictObject({ changed: z.boolean(), stopped, rolledBack: z.array(v.experimentId) }),
};

export const liftChaos = {
  request: z.strictObject({ reason: v.justification, requestId: v.requestId.optional() }),
  response: z.strictObject({ changed: z.boolean() }),
};

/** What a runner refused by itself, so that the attempt stands in the audit. */
export const reportRefusedChaos = {
  request: z.strictObject({
    experiment: experimentName,
    reason: z.enum(['CHAOS_MODE_NOT_SET', 'NODE_ENV_IS_PRODUCTION', 'ENVIRONMENT_IS_PRODUCTION', 'CHAOS_STOPPED']),
  }),
  response: z.strictObject({ recorded: z.literal(true) }),
};
