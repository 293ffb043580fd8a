import { Failure } from '@muster/client/failure';
import type { Page } from './page';

/** Half of what two persons must do: never to be taken for the whole. */
export const waitsForAnother = (
  { notYet, still, message, command }: { notYet: string; still: string; message: string; command: string },
  { ink }: Page,
): string =>
  [
    `${ink.bad(ink.strong(notYet))}  ${ink.bad(`a second person is needed; ${still} until then.`)}`,
    message,
    `Another staff member, signed in as themselves, types:\n\n  ${ink.strong(command)}`,
    ink.faint('If nobody can be reached, an admin adds --break-glass and does it alone; that is reported.'),
  ].join('\n\n');

/** Whoever asked first and asks again is told what somebody else must type. */
export const needsAnother = (error: unknown, notYet: string, command: string): unknown => {
  if (!(error instanceof Failure) || error.details.reason !== 'SECOND_PERSON_NEEDED') return error;
  const next = `Another staff member, signed in as themselves, types: ${command}. If nobody can be reached, an admin adds --break-glass.`;
  return new Failure(error.code, `${notYet}. ${error.message}`, { ...error.details, next }, { cause: error });
};
