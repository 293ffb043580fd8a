/** The canary's write, tried at both writePaths as a product tries its own. */
import { MusterError } from '@muster/core/errors';
import { paths } from '@muster/core/storage/paths';
import { guardReasonOf } from '@muster/guard/refusal-counter';
import type { JobContext } from '../../platform/operations/job';
import { guardedPath, type Expected } from './canary-document';
import type { Round, Tried } from './verdict';

export const CAPABILITY = 'canary.write';
/** As whom the guard is asked: nobody of Firebase Auth. */
const ACTOR = 'muster-canary';

export const ROUNDS = ['before', 'killed', 'after'] as const;
export type RoundName = (typeof ROUNDS)[number];

/** The document of one round: nothing is written twice. */
export const nameIn = (run: string, round: RoundName): string => `${run}-${round}`;

/** Both at once, so that each is measured from the same moment on. */
export const tryDoors = async (context: JobContext, run: Expected, round: RoundName): Promise<Round> => {
  const begun = context.clock().getTime();
  const name = nameIn(run.run, round);
  const measured = async (trying: Promise<Omit<Tried, 'ms'>>): Promise<Tried> => {
    const answer = await trying;
    return { ...answer, ms: Math.max(0, context.clock().getTime() - begun) };
  };
  const [rules, guard] = await Promise.all([
    measured(throughRules(context, run, name)),
    measured(throughGuard(context, run, name)),
  ]);
  return { rules, guard };
};

const throughRules = ({ writePaths }: JobContext, { number, keptUntil }: Expected, name: string) =>
  writePaths.rules.create(paths.canary(name), { number, musterExpireAt: keptUntil });

const throughGuard = async (
  { writePaths }: JobContext,
  { keptUntil }: Expected,
  name: string,
): Promise<Omit<Tried, 'ms'>> => {
  try {
    await writePaths.guard.run({ capability: CAPABILITY, actor: ACTOR }, async (work) =>
      work.create(guardedPath(name), { musterExpireAt: keptUntil }),
    );
    return { answer: 'taken', said: 'taken' };
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    const reason = guardReasonOf(error);
    const said = `${error.details.reason}, ${error.message}`;
    if (reason === 'BLOCKED_BY_KILL_SWITCH') return { answer: 'refused', said };
    return { answer: reason ? 'refused otherwise' : 'unclear', said };
  }
};
