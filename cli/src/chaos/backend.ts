/** The Muster that a command is about, as a target of experiments. */
import { randomBytes } from 'node:crypto';
import { arch, hostname, platform, release } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { ChaosRefused, httpTarget, TargetRefusal, type Machine as ChaosMachine, type Target } from '@muster/chaos';
import { ERROR_TABLE, REASON_CODES, type ErrorCode } from '@muster/contract';
import type { CommandContext } from '../command-context';
import { Failure, tokenRefused, type FailureReason } from '@muster/client/failure';
import { tokenSource } from '@muster/client/token-source';

export interface Backend {
  target: Target;
  machine: ChaosMachine;
  project: string;
}

/** Nobody is signed in again while an experiment runs: tokens are renewed as they run out. */
export const backendOf = ({ machine, destination, credentials }: CommandContext): Backend => {
  const where = destination();
  const tokens = tokenSource(machine, where, credentials);
  return {
    project: where.project,
    target: httpTarget({
      project: where.project,
      functionsUrl: where.functionsUrl,
      namedCallables: where.namedCallables,
      appCheckToken: where.appCheckToken,
      firestoreEmulator: where.emulators?.firestore,
      token: () => tokens.token(),
      fetch: machine.fetch,
      now: () => machine.now().getTime(),
    }),
    machine: {
      env: machine.env,
      now: () => machine.now().getTime(),
      sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
      newId: () => randomBytes(10).toString('hex'),
      platform: `${platform()} ${release()} ${arch()}`,
      node: hostname(),
    },
  };
};

/** What the library threw, as every other failure is told. */
export const asChaosFailure = (error: unknown): unknown => {
  if (error instanceof ChaosRefused) {
    const { message, reason, recorded } = error;
    const record = recorded === true ? '' : ` That it was tried could not be recorded: ${recorded}`;
    return new Failure('RESTRICTED', `${message}${record}`, { reason, next: error.next }, { cause: error });
  }
  if (!(error instanceof TargetRefusal)) return error;
  const { code, reason, message, next } = error.refused;
  if (code === 'UNAUTHENTICATED' && next === null) return tokenRefused();
  if (reason === 'UNREACHABLE') return unreachable(error);
  return new Failure(
    isCode(code) ? code : 'UNAVAILABLE',
    message,
    { reason: isReason(reason) ? reason : 'UNEXPECTED', ...(next === null ? {} : { next }) },
    { cause: error },
  );
};

/** An arming may have been carried out, and its answer lost. */
const unreachable = (error: TargetRefusal): Failure =>
  new Failure(
    'UNAVAILABLE',
    error.refused.message,
    {
      reason: 'UNREACHABLE',
      next: 'Check the network, --project and --region, then try again. What was begun all the same is undone by the backend within two minutes: muster chaos status.',
    },
    { cause: error },
  );

const isCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_TABLE, code);
const isReason = (reason: string): reason is FailureReason =>
  reason === 'UNREACHABLE' || REASON_CODES.some((known) => known === reason);
