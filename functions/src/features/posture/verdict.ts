/** What a run of the armed-switch canary has shown. Pure. */
import type { ControlView } from '@muster/contract/posture';
import type { Proof } from './control';

/** What became of one write. `said` is what the door said, `ms` how long after the beginning of its round it was said. */
export interface Tried {
  answer: 'taken' | 'refused' | 'refused otherwise' | 'unclear';
  said: string;
  ms: number;
}

/** The same write tried at both writePaths. */
export interface Round {
  rules: Tried;
  guard: Tried;
}

export interface Tries {
  /** Before anything was killed: both must take it, or their refusals would mean nothing. */
  before: Round;
  /** While it was killed; undefined when it could not be. */
  killed: Round | undefined;
  /** After it was restored; undefined when it was not killed. */
  after: Round | undefined;
  /** Whether the kill still stood as it was set when the run came to end it. */
  stood: boolean;
  /** What else restricts the canary's write at the end, if anything does. */
  restrictedBy: string | undefined;
  killMs: number;
  restoreMs: number;
}

const DOORS = ['rules', 'guard'] as const;

/** One sentence for each door that has not answered so. */
const others = (round: Round, expected: Tried['answer'], sentence: (door: string, tried: Tried) => string): string[] =>
  DOORS.filter((door) => round[door].answer !== expected).map((door) => sentence(`The ${door}`, round[door]));

export const verdictOf = ({ before, killed, after, stood, restrictedBy, killMs, restoreMs }: Tries): Proof => {
  const control = others(before, 'taken', notTaken);
  if (control.length > 0) return unclear(control);
  if (!killed || !after) return unclear(['The policy could not be read, or someone else has killed "canary".']);

  const latencies = { killMs, rulesMs: killed.rules.ms, guardMs: killed.guard.ms, restoreMs };
  if (!stood)
    return unclear(['Someone else ended the kill of "canary", or changed it, while it was tried.'], latencies);
  const open = DOORS.filter((door) => killed[door].answer === 'taken');
  if (open.length > 0) {
    return failed(`A write was not stopped by a kill switch that was on: by the ${open.join(' and the ')}.`, latencies);
  }
  const odd = others(
    killed,
    'refused',
    (door, { said }) => `${door} did not refuse for the kill switch: ${ended(said)}`,
  );
  if (odd.length > 0) return unclear(odd, latencies);

  const closed = others(
    after,
    'taken',
    (door, { said }) => `${door} did not take the write after it was restored: ${ended(said)}`,
  );
  if (closed.length === 0) return { state: 'proven', finding: null, latencies };
  if (restrictedBy !== undefined) return unclear([`Something was restricted meanwhile: ${restrictedBy}.`], latencies);
  const silent = DOORS.some((door) => after[door].answer === 'unclear');
  return silent ? unclear(closed, latencies) : failed(closed.join(' '), latencies);
};

const notTaken = (door: string, { answer, said }: Tried): string => {
  const problem = `${door} did not take the canary’s write before anything was killed: ${ended(said)}`;
  if (door !== 'The rules' || answer !== 'refused') return problem;
  return `${problem} Something is restricted, App Check is enforced for Firestore, or the rules that are deployed are not Muster’s.`;
};

const unclear = (findings: string[], latencies: ControlView['latencies'] = null): Proof => ({
  state: 'unclear',
  finding: findings.join(' '),
  latencies,
});

const failed = (finding: string, latencies: ControlView['latencies']): Proof => ({
  state: 'failed',
  finding,
  latencies,
});

const ended = (said: string): string => (said.endsWith('.') ? said : `${said}.`);
