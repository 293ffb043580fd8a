import { MusterError } from '@muster/core/errors';
import { needsSecondPerson } from '../../policy/for-others/second-person';
import { MOST_WAITING } from './queue';

export const unknownWrite = (): MusterError =>
  new MusterError('NOT_FOUND', 'There is no queued write with this id.', {
    reason: 'UNKNOWN_WRITE',
    fields: [{ field: 'writeId', problem: 'no write has this id' }],
    next: 'List the dead letters (connectors-writes with status "dead") and copy the id. They are kept for 30 days.',
  });

export const nowhereToDeliver = (): MusterError =>
  new MusterError('CONFLICT', 'This connector has no address to deliver to. Nothing was queued.', {
    reason: 'WRONG_STATE',
    next: 'Register it again with deliverTo (connectors-register).',
  });

export const notYoursToSend = (): MusterError =>
  needsSecondPerson(
    'You said where this connector delivers; what others queued before is not yours to send there.',
    'Who queued it, or another staff member, makes the same call. If it must not go there, register the former address again or discard it.',
  );

export const movedOn = (deliverTo: string | null): MusterError =>
  new MusterError('CONFLICT', `This connector delivers to ${deliverTo ?? 'no address'} now. Nothing was released.`, {
    reason: 'WRONG_STATE',
    fields: [{ field: 'deliverTo', problem: 'not where it delivers now' }],
    next: 'Find out whether that is the right one, and give it as it stands (connectors-list).',
  });

export const deliveredAlready = (): MusterError =>
  new MusterError('CONFLICT', 'This write was delivered. Nothing was changed.', {
    reason: 'WRONG_STATE',
    state: 'delivered',
    next: 'Queue a new write (connectors-send), if the same is to be done once more.',
  });

export const tooManyWaiting = (): MusterError =>
  new MusterError('CONFLICT', `More than ${MOST_WAITING} writes would wait for this connector. Nothing was queued.`, {
    reason: 'TOO_MANY',
    next: 'See why it does not deliver (connectors-health), or let go what waits (connectors-discard).',
  });
