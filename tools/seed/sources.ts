/** What the seed is made of, read from the files that people edit, and checked before anything is entered. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readCatalog } from '@muster/cli/bootstrap/catalog';
import * as drills from '@muster/contract/drills';
import { role } from '@muster/contract/staff';
import * as v from '@muster/contract/values';

const CATALOG_FOLDER = 'catalog/scenarios';
const SEED_FILES = ['tools/seed/accounts.json', 'tools/seed/exercises.json', 'tools/seed/plan.json'];

const accountsFile = z.strictObject({
  /** One for all: the accounts exist on emulators alone. */
  password: v.text(100),
  accounts: z.array(
    z.strictObject({
      role: z.enum([...role.exclude(['recorder']).options, 'member']),
      uid: v.uid,
      email: z.email().endsWith('example.com'),
      displayName: v.text(100),
    }),
  ),
});

const exercise = z.strictObject({
  /** Also the correlation id of everything that is entered for it. */
  id: v.scenarioId,
  scenarioId: v.scenarioId,
  severity: v.severity,
  environment: v.environment,
  startedAt: v.instant,
  endedAt: v.instant,
  /** As the runbook counts: to detect from the start, all others from detection. */
  minutes: z
    .strictObject({ toDetect: v.minutes, toAcknowledge: v.minutes, toContain: v.minutes, toResolve: v.minutes })
    .optional(),
  reportedTtrMinutes: v.minutes.optional(),
  observations: z.array(v.text(4000)).default([]),
  attendance: drills.attendance.optional(),
  checks: drills.checks.optional(),
  outcome: drills.drillOutcome,
  unresolvedRisks: z.array(v.text(500)).optional(),
  notes: v.text(4000),
});
export type Exercise = z.output<typeof exercise>;

const plannedDrill = z.strictObject({
  scenarioId: v.scenarioId,
  dueAt: v.instant,
  /** Whether it is meant to be overdue in the seed. */
  overdue: z.boolean(),
  roles: drills.drillRoles,
  participants: z.array(v.uid),
});
export type PlannedDrill = z.output<typeof plannedDrill>;

export type Account = z.output<typeof accountsFile>['accounts'][number];
export type Sources = ReturnType<typeof readSources>;

/** @param root the checkout */
export const readSources = (root: string) => {
  const catalog = readCatalog(join(root, CATALOG_FOLDER));
  const inCatalog = ({ scenarioId }: { scenarioId: string }) => catalog.some(({ id }) => id === scenarioId);
  const unknownScenario = { path: ['scenarioId'], error: 'a scenario of the catalog' };

  const contentOf = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const read = <Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> => {
    const { data, error } = schema.safeParse(contentOf(path));
    if (error) throw new Error(`${path} is not as it should be:\n${z.prettifyError(error)}`);
    return data;
  };
  const paths = [...readdirSync(join(root, CATALOG_FOLDER)).map((name) => `${CATALOG_FOLDER}/${name}`), ...SEED_FILES];
  return {
    catalog,
    ...read('tools/seed/accounts.json', accountsFile),
    exercises: read('tools/seed/exercises.json', z.array(exercise.refine(inCatalog, unknownScenario))),
    plan: read('tools/seed/plan.json', z.array(plannedDrill.refine(inCatalog, unknownScenario))),
    digests: Object.fromEntries(paths.toSorted().map((path) => [path, digestOf(contentOf(path))])),
  };
};

/** Of what a file says, not of its bytes: another layout or another line end asks for no new seed. */
const digestOf = (content: unknown): string => createHash('sha256').update(JSON.stringify(content)).digest('hex');

/** The account with a role; there is one of each. */
export const accountOf = (sources: Pick<Sources, 'accounts'>, wanted: Account['role']): Account => {
  const found = sources.accounts.filter((account) => account.role === wanted);
  if (found.length !== 1 || !found[0]) throw new Error(`tools/seed/accounts.json: exactly one ${wanted}, please`);
  return found[0];
};
