/** What runs by a schedule: it decides at the time it was scheduled for, and each of its changes has its entry. */
import * as z from 'zod';
import { auditEntryAt } from '@muster/core/audit/audit-entry';
import type { Actor, AuditDraft } from '@muster/core/audit/audit-draft';
import { idFrom } from '@muster/core/ids';
import { Meter, type Budget } from '@muster/core/meter';
import { documentAt, type BoundedQuery, type DocumentAddress } from '@muster/core/storage/documents';
import type { Work } from '@muster/core/storage/work';
import type { Adapters } from './adapters';
import { commitChange, type Decision } from './change';
import { keepLog, type KeepLog } from './keep-log';

/** What one document came to. */
export interface Tally {
  found: number;
  changed: number;
  /** Documents that could not be read as what they should be; each is in the log by its path. */
  malformed: number;
}

/** What a job may use. Its time is the time it was scheduled for, so a late run decides as a punctual one would. */
export interface JobContext extends Pick<
  Adapters,
  'clock' | 'ids' | 'log' | 'directory' | 'outbound' | 'writePaths' | 'courier' | 'signer' | 'salts' | 'limits' | 'wait'
> {
  now: Date;
  /** One change with its entry. `about` names it within the run, so that a repeated run cannot do it twice. */
  change: <T = boolean>(about: string, decide: (work: Work) => Promise<Decision<T>>) => Promise<T>;
  /** Where the entry of one of these changes stands, once it was made: by this run, or by another for the same time. */
  entryAt: (about: string) => DocumentAddress<unknown>;
  /** For reading alone, new each time. */
  read: () => Pick<Work, 'prefetch' | 'seen'>;
  /** What keeps the audit log; nothing else. */
  keepLog: KeepLog;
  /**
   * One change for each document that a query finds, until it finds no more. A changed document must no longer
   * match the query. Found documents are not read again, unless someone changed them in between.
   */
  changeEach: <T>(
    query: BoundedQuery<T>,
    decide: (work: Work, address: DocumentAddress<T>, data: T, id: string) => Promise<Decision<boolean>>,
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

const runIdOf = ({ name }: Job, scheduledFor: Date): string => `${name}@${scheduledFor.toISOString()}`;

const SCHEDULE: Actor = { type: 'system', id: 'schedule' };

/**
 * Runs a job for one scheduled time. The run leaves an entry that says that it ran and what it found, under an
 * id made of the job and its time: a second run for the same time finds it and leaves no other (law 4).
 */
export const runJob = async (deps: Adapters, job: Job, scheduledFor: Date): Promise<void> => {
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
    ...deps,
    now: scheduledFor,
    keepLog: (decide) => keepLog(deps.store, meter, decide),
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
  deps: Adapters,
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
  deps: Adapters,
  meter: Meter,
  query: BoundedQuery<T>,
  change: (path: string, decide: (work: Work) => Promise<Decision<boolean>>) => Promise<boolean>,
  decide: (work: Work, address: DocumentAddress<T>, data: T, id: string) => Promise<Decision<boolean>>,
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
          return data === undefined ? { changed: false, response: false } : decide(work, address, data, stored.id);
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
