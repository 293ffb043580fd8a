import { MusterError } from '@muster/core/errors';
import type { Person, StaffDirectory } from '../../platform/adapters/staff-directory';

/** The user that was named, or a refusal. */
export const personAsked = async (
  directory: StaffDirectory,
  who: { uid?: string | undefined; email?: string | undefined },
): Promise<Person> => {
  const person = await directory.find(who);
  if (person) return person;
  const field = who.uid === undefined ? 'email' : 'uid';
  throw new MusterError('NOT_FOUND', `Firebase Auth has no user with this ${field}.`, {
    reason: 'UNKNOWN_USER',
    fields: [{ field, problem: 'no such user' }],
    next: 'The user signs in once, so that Firebase Auth knows it; then grant again.',
  });
};
