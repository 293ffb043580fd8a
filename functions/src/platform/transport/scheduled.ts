import { onSchedule, type ScheduleFunction, type ScheduleOptions } from 'firebase-functions/v2/scheduler';
import { errorFields } from '@muster/core/log';
import type { Adapters } from '../operations/adapters';
import { runJob, type Job } from '../operations/job';

/** Deploys a job. A run that fails says so, and Cloud Scheduler tries the same time again. */
export const scheduled = (
  deps: () => Adapters,
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
