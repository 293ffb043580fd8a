import { Failure } from '@muster/client/failure';

/** Whoever asked first and asks again is told what somebody else must type. */
export const needsAnother = (error: unknown, notYet: string, command: string): unknown => {
  if (!(error instanceof Failure) || error.details.reason !== 'SECOND_PERSON_NEEDED') return error;
  const next = `Another staff member, signed in as themselves, types: ${command}. If nobody can be reached, an admin adds --break-glass.`;
  return new Failure(error.code, `${notYet}. ${error.message}`, { ...error.details, next }, { cause: error });
};
