import type { Clock } from '@muster/core/clock';
import { MusterError } from '@muster/core/errors';
import type { Log } from '@muster/core/log';
import { recordedReasonOf, type RefusalCounter, type Refused } from './refusal-counter';

/** Counts a call that ended in this error, if it was refused for a reason that is recorded. Never throws: whoever was refused hears that. */
export const countRefusal = async (
  deps: { refusals: RefusalCounter; log: Log; clock: Clock },
  error: unknown,
  call: Pick<Refused, 'caller' | 'callerType' | 'capability' | 'correlationId' | 'callerRequestId'>,
): Promise<void> => {
  const reason = recordedReasonOf(error);
  if (!(error instanceof MusterError) || !reason) return;
  const refused: Refused = { ...call, reason, activation: error.details.activation };
  // Without a database there is nothing to count in; the caller must not wait for that to be found out twice.
  if (error.cause) deps.log.error('refused, and not counted: the database does not answer', { ...refused });
  else await deps.refusals.record(refused, deps.clock());
};
