import { folded } from '../output/folded';
import type { Contained } from './kill-until-stored';
import type { Failure } from '@muster/client/failure';
import { notContained } from '@muster/client/failure-words';
import { duration } from '../output/duration';
import type { Ink } from '../output/ink';
import { timeOfDay } from '../output/instant';
import { paragraph } from '../output/paragraph';

const banner = ({ bad, strong }: Ink): string => bad(strong('NOT CONTAINED'));

/** What nobody may take for success: the words first, then what failed, then what to do by hand. */
export const notContainedText = (failure: Failure, ink: Ink, width: number): string => {
  const { severity, steps } = folded(notContained(failure));
  return [
    `${banner(ink)}  ${ink.bad(`severity ${severity}: take it that what you wanted to stop goes on.`)}`,
    paragraph(folded(failure.message), width, '  '),
    ...(steps.length > 0 ? ['', ink.strong('  What to do by hand, now:')] : []),
    ...steps.map((step, index) => numbered(`${index + 1}.`, step, width)),
  ].join('\n');
};

const numbered = (number: string, step: string, width: number): string =>
  `  ${number.padStart(3)}  ${paragraph(step, width, ' '.repeat(7)).trimStart()}`;

export interface Attempts {
  /** How many were made. */
  count: number;
  failedSince: Date;
  now: Date;
}

const sinceFirst = ({ failedSince, now }: Attempts): string => duration(now.getTime() - failedSince.getTime());

/** One more attempt failed as the one before: said in a line, so that the steps stay in sight. */
export const stillNotContained = ({ message }: Failure, attempts: Attempts, ink: Ink): string => {
  const when = timeOfDay(attempts.now.toISOString());
  return `${banner(ink)}  ${when} UTC, attempt ${attempts.count}, ${sinceFirst(attempts)} after the first: ${message}`;
};

export const tryingAgain = (pauseMs: number, ink: Ink): string =>
  ink.warn(
    `Tried again every ${duration(pauseMs)} until it is stored. Ctrl-C stops that, and leaves it not contained.`,
  );

/** The end of it, above the answer. */
export const containedAtLast = (
  { storedEarlier }: Pick<Contained, 'storedEarlier'>,
  incident: string | null,
  attempts: Attempts,
  { good, strong, warn }: Ink,
): string => {
  const first = attempts.failedSince.toISOString().slice(0, 19).replace('T', ' ');
  const head = `${good(strong('CONTAINED'))}  at attempt ${attempts.count}, ${sinceFirst(attempts)} after the first, of ${first} UTC.`;
  if (incident !== null) return `${head}\n  Incident of the time between: ${strong(incident)}`;
  if (storedEarlier) return `${head}\n  An attempt before this one had been stored: only its answer was lost.`;
  return `${head}\n${warn('  The answer names no incident for the time between: write down what happened in it.')}`;
};
