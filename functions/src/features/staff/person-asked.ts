import { MusterError } from '@muster/core/errors';
import { uid } from '@muster/contract/values';
import type { Person, StaffDirectory } from '../../platform/adapters/staff-directory';

/** A role would be of no use to somebody whom neither operations nor rules answer, and would look like one that counts. */
const neverAnswered = (): MusterError =>
  new MusterError('CONFLICT', 'Muster answers nobody with the uid of this user. Nothing was changed.', {
    reason: 'UNKNOWN_USER',
    next: 'Give them another account: a uid without slash, white space or control characters, of at most 128 characters.',
  });

/** The user that was named, or a refusal. */
export const personAsked = async (
  directory: StaffDirectory,
  who: { uid?: string | undefined; email?: string | undefined },
): Promise<Person> => {
  const person = await directory.find(who);
  if (person && uid.safeParse(person.uid).success) return person;
  if (person) throw neverAnswered();
  const field = who.uid === undefined ? 'email' : 'uid';
  throw new MusterError('NOT_FOUND', `Firebase Auth has no user with this ${field}.`, {
    reason: 'UNKNOWN_USER',
    fields: [{ field, problem: 'no such user' }],
    next: 'The user signs in once, so that Firebase Auth knows it; then grant again.',
  });
};
