import { onSchedule, type ScheduleFunction } from 'firebase-functions/v2/scheduler';
import * as z from 'zod';
import type { Actor, AuditDraft } from '../../../guard/src/audit-draft';
import { commitChange, type ChangeDeps, type Decision } from './change';
import { documentAt, type BoundedQuery, type DocumentAddress } from '../../../guard/src/documents';
import { idFrom } from '../../../guard/src/ids';
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
  /** One change with its entry. `about` names it within the run, so that a repeated run cannot do it twice. */
  change: (about: string, decide: (work: Work) => Promise<Decision<boolean>>) => Promise<boolean>;
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
  /** Says what it found, in numbers; that is stored as the run's own entry. */
  run(context: JobContext): Promise<Record<string, number>>;
}

export interface JobDeps extends ChangeDeps {
  onCost?: (job: string, spent: Cost) => void;
}

const SCHEDULE: Actor = { type: 'system', id: 'schedule' };

/**
 * Runs a job for one scheduled time. The run leaves an entry that says that it ran and what it found, under an
 * id made of the job and its time: a second run for the same time finds it and leaves no other (law 4).
 */
export const runJob = async (deps: JobDeps, job: Job, scheduledFor: Date): Promise<void> => {
  const meter = new Meter();
  const runId = `${job.name}@${scheduledFor.toISOString()}`;
  const envelopeOf = (about: string) => ({
    actor: () => SCHEDULE,
    correlationId: runId,
    now: scheduledFor,
    entryId: idFrom('aud', runId, about),
  });
  const change: JobContext['change'] = (about, decide) => commitChange(deps, meter, envelopeOf(about), decide);

  const found = await job.run({
    now: scheduledFor,
    change,
    changeEach: (query, decide) => changeEach(deps, meter, query, (path, one) => change(path, one), decide),
  });

  if (found['malformed']) {
    deps.log.critical(`${job.name} found documents that are missing or damaged`, { job: job.name, ...found });
  }
  const draft: AuditDraft = {
    action: `jobs.${job.name}.ran`,
    target: `jobs/${job.name}`,
    outcome: found['malformed'] ? 'failed' : 'success',
    metadata: { scheduledFor: scheduledFor.toISOString(), ...found },
  };
  await change('run', async (work) => {
    const { entryId } = envelopeOf('run');
    const { address } = deps.appendEntry(draft, { entryId, at: scheduledFor, actor: SCHEDULE, correlationId: runId });
    const ranBefore = (await work.read(address)) !== undefined;
    return ranBefore ? { changed: false, response: false } : { changed: true, response: true, entry: draft };
  });
  deps.onCost?.(job.name, { reads: meter.reads, writes: meter.writes });
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
export const scheduled = (deps: () => JobDeps, job: Job): ScheduleFunction =>
  onSchedule({ schedule: job.schedule, timeZone: 'Etc/UTC', retryCount: 3 }, async (event) => {
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
