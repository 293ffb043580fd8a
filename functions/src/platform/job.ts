import { onSchedule, type ScheduleFunction, type ScheduleOptions } from 'firebase-functions/v2/scheduler';
import * as z from 'zod';
import type { Clock } from '../../../guard/src/clock';
import type { Actor, AuditDraft } from '../../../guard/src/audit-draft';
import type { Courier } from './courier';
import type { Doors } from './doors';
import { commitChange, type ChangeDeps, type Decision } from './change';
import { documentAt, type BoundedQuery, type DocumentAddress } from '../../../guard/src/documents';
import type { Salts } from '../../../guard/src/append-entry';
import { auditEntryAt } from '../../../guard/src/audit-entry';
import { idFrom, type Ids } from '../../../guard/src/ids';
import type { Log } from '../../../guard/src/log';
import { keepLog, type KeepLog } from './keep-log';
import type { LogSigner } from './log-signer';
import type { Limits } from './operation';
import type { Outbound } from './outbound';
import { errorFields } from '../../../guard/src/log';
import { Meter, type Budget, type Cost } from '../../../guard/src/meter';
import type { Work } from '../../../guard/src/work';

/** What one document came to. */
export interface Tally {
  found: number;
  changed: number;
  /** Documents that could not be read as what they should be; each is in the log by its path. */
  malformed: number;
}

/** What a job may use. Its time is the time it was scheduled for, so a late run decides as a punctual one would. */
export interface JobContext {
  now: Date;
  /** The time that it really is, to end in time. */
  clock: Clock;
  ids: Ids;
  log: Log;
  outbound: Outbound;
  /** One change with its entry. `about` names it within the run, so that a repeated run cannot do it twice. */
  change: <T = boolean>(about: string, decide: (work: Work) => Promise<Decision<T>>) => Promise<T>;
  /** Where the entry of one of these changes stands, once it was made: by this run, or by another for the same time. */
  entryAt: (about: string) => DocumentAddress<unknown>;
  doors: Doors;
  /** For reading alone, new each time. */
  read: () => Pick<Work, 'prefetch' | 'seen'>;
  courier: () => Courier;
  signer: () => LogSigner;
  salts: Salts;
  limits: Limits;
  wait: (ms: number) => Promise<void>;
  /** What keeps the audit log; nothing else. */
  keepLog: KeepLog;
  /**
   * One change for each document that a query finds, until it finds no more. A changed document must no longer
   * match the query. Found documents are not read again, unless someone changed them in between.
   */
  changeEach: <T>(
    query: BoundedQuery<T>,
    decide: (work: Work, address: DocumentAddress<T>, data: T) => Promise<Decision<boolean>>,
  ) => Promise<Tally>;
}

export interface Job {
  name: string;
  /** Unix cron, in UTC. */
  schedule: string;
  cost: Budget;
  /** Leaves no entry of its own where all is well: what it changes has entries, and it runs every minute. */
  quiet?: boolean;
  /** Says what it found, in numbers; that is stored as the run's own entry. */
  run(context: JobContext): Promise<Record<string, number>>;
}

export interface JobDeps extends ChangeDeps {
  outbound: Outbound;
  courier: () => Courier;
  doors: Doors;
  signer: () => LogSigner;
  salts: Salts;
  limits: Limits;
  wait: (ms: number) => Promise<void>;
  onCost?: (job: string, spent: Cost) => void;
}

const runIdOf = ({ name }: Job, scheduledFor: Date): string => `${name}@${scheduledFor.toISOString()}`;

const SCHEDULE: Actor = { type: 'system', id: 'schedule' };

/**
 * Runs a job for one scheduled time. The run leaves an entry that says that it ran and what it found, under an
 * id made of the job and its time: a second run for the same time finds it and leaves no other (law 4).
 */
export const runJob = async (deps: JobDeps, job: Job, scheduledFor: Date): Promise<void> => {
  const meter = new Meter();
  const runId = runIdOf(job, scheduledFor);
  const envelopeOf = (about: string) => ({
    actor: () => SCHEDULE,
    correlationId: runId,
    now: scheduledFor,
    entryId: idFrom('aud', runId, about),
  });
  const change: JobContext['change'] = (about, decide) => commitChange(deps, meter, envelopeOf(about), decide);

  const found = await job.run({
    now: scheduledFor,
    clock: deps.clock,
    ids: deps.ids,
    log: deps.log,
    outbound: deps.outbound,
    courier: deps.courier,
    signer: deps.signer,
    salts: deps.salts,
    limits: deps.limits,
    wait: deps.wait,
    keepLog: (decide) => keepLog(deps.store, meter, decide),
    doors: deps.doors,
    entryAt: (about) => auditEntryAt(idFrom('aud', runId, about)),
    read: () => deps.store.read(meter),
    change,
    changeEach: (query, decide) => changeEach(deps, meter, query, (path, one) => change(path, one), decide),
  });

  if (found['malformed']) {
    deps.log.critical(`${job.name} found documents that are missing or damaged`, { job: job.name, ...found });
  }
  if (!job.quiet || found['malformed']) await leaveEntry(deps, job, scheduledFor, found, change);
  deps.onCost?.(job.name, { reads: meter.reads, writes: meter.writes });
};

const leaveEntry = async (
  deps: JobDeps,
  job: Job,
  scheduledFor: Date,
  found: Record<string, number>,
  change: JobContext['change'],
): Promise<void> => {
  const runId = runIdOf(job, scheduledFor);
  const draft: AuditDraft = {
    action: `jobs.${job.name}.ran`,
    target: `jobs/${job.name}`,
    outcome: found['malformed'] ? 'failed' : 'success',
    metadata: { scheduledFor: scheduledFor.toISOString(), ...found },
  };
  await change('run', async (work) => {
    const entryId = idFrom('aud', runId, 'run');
    const { address } = deps.appendEntry(draft, { entryId, at: scheduledFor, actor: SCHEDULE, correlationId: runId });
    const ranBefore = (await work.read(address)) !== undefined;
    return ranBefore ? { changed: false, response: false } : { changed: true, response: true, entry: draft };
  });
};

const asStored = z.record(z.string(), z.unknown());

const changeEach = async <T>(
  deps: JobDeps,
  meter: Meter,
  query: BoundedQuery<T>,
  change: (path: string, decide: (work: Work) => Promise<Decision<boolean>>) => Promise<boolean>,
  decide: (work: Work, address: DocumentAddress<T>, data: T) => Promise<Decision<boolean>>,
): Promise<Tally> => {
  const tally: Tally = { found: 0, changed: 0, malformed: 0 };
  let place: Pick<BoundedQuery<T>, 'after'> = {};
  for (;;) {
    // Read without the schema: one damaged document must not keep the others from being seen to. Each page
    // goes on after the last one, so that what is left as it is, the damaged too, is read and counted once.
    const page = await deps.store.read(meter).find({ ...query, ...place, schema: asStored });
    const results = await Promise.all(
      page.map(async (stored) => {
        const parsed = query.schema.safeParse(stored.data);
        if (!parsed.success) {
          deps.log.error('a document is not what it should be, and was left alone', { path: stored.path });
          return 'malformed';
        }
        const address = documentAt(stored.path, query.schema);
        let first = true;
        const done = await change(stored.path, async (work) => {
          if (first) work.adopt(stored);
          first = false;
          const data = await work.read(address);
          return data === undefined ? { changed: false, response: false } : decide(work, address, data);
        });
        return done ? 'changed' : 'left';
      }),
    );
    const count = (what: string) => results.filter((result) => result === what).length;
    tally.found += page.length;
    tally.changed += count('changed');
    tally.malformed += count('malformed');
    const last = page.at(-1);
    if (page.length < query.limit || !last) return tally;
    place = { after: { values: query.orderBy.map(({ field }) => last.data[field] as Date), id: last.id } };
  }
};

/** Deploys a job. A run that fails says so, and Cloud Scheduler tries the same time again. */
export const scheduled = (
  deps: () => JobDeps,
  job: Job,
  also: Pick<ScheduleOptions, 'secrets'> = {},
): ScheduleFunction =>
  onSchedule({ schedule: job.schedule, timeZone: 'Etc/UTC', retryCount: 3, ...also }, async (event) => {
    const scheduledFor = new Date(event.scheduleTime);
    try {
      await runJob(deps(), job, scheduledFor);
    } catch (error) {
      deps().log.error(`${job.name} failed`, {
        job: job.name,
        scheduledFor: event.scheduleTime,
        ...errorFields(error),
      });
      throw error;
    }
  });
