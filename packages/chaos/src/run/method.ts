/** Carries out a method: one activity after the other, those in the background beside what follows them. */
import type { Activity } from '../declaration';
import { perform, type Performer } from './activities';
import type { Halt } from './halt';
import type { ActivityResult } from './journal';

/** An activity could not be carried out, so nothing that follows it would show anything. */
export class ActivityFailed extends Error {
  constructor({ activity, exception }: ActivityResult) {
    super(`${activity.name}: ${exception ?? 'failed'}`);
    this.name = 'ActivityFailed';
  }
}

/** `kept` is told each result as it comes. Throws `Halted`, or `ActivityFailed` after an action that failed. */
export const carryOut = async (
  performer: Performer,
  method: readonly Activity[],
  kept: (result: ActivityResult) => Promise<void>,
  halt: Halt,
): Promise<void> => {
  const background: Promise<ActivityResult>[] = [];
  const settle = async (result: ActivityResult): Promise<void> => {
    await kept(result);
    if (result.activity.type === 'action' && result.status === 'failed') throw new ActivityFailed(result);
  };
  try {
    for (const activity of method) {
      const pending = perform(performer, 'method', activity);
      if (activity.background) {
        // Whatever it throws is met when it is waited for.
        pending.catch(() => undefined);
        background.push(pending);
      } else {
        await settle(await pending);
      }
    }
  } catch (error) {
    // What goes on in the background ends with the run, and is waited for.
    halt.stop(error instanceof Error ? error.message : String(error), 'failed');
    await Promise.allSettled(background);
    throw error;
  }
  for (const pending of background) await settle(await pending);
};
