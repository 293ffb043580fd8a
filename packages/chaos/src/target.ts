/** What an experiment is made against: a Muster, as any client reaches it, with the caller's own token. */
import type { OperationName, RequestOf, ResponseOf } from '@muster/contract';

/** An answer that says no, or none at all (`status` 0). */
export interface Refused {
  done: false;
  status: number;
  code: string;
  reason: string;
  message: string;
  next: string | null;
  ms: number;
}

export interface Done<Response> {
  done: true;
  response: Response;
  ms: number;
}

export type Answered<Response> = Done<Response> | Refused;

export interface CallOptions {
  /** The whole Authorization header instead of the caller's; null for none. */
  authorization?: string | null;
  /** By which the audit entry of a change is found again. */
  correlationId?: string;
  deadlineMs?: number;
}

/** A document as the database tells its times, not any machine's clock; RFC 3339, as precise as they come. */
export interface StoredTimes {
  name: string;
  createTime: string;
}

export interface Target {
  /** Whether tokens are verified as a real project does. */
  readonly emulated: boolean;
  /** The caller's ID token, for experiments that forge from it. */
  token(): Promise<string>;
  /** Made once: a lost answer is not asked for again, because what is measured is what came. */
  call<Name extends OperationName>(
    name: Name,
    data: RequestOf<Name>,
    options?: CallOptions,
  ): Promise<Answered<ResponseOf<Name>>>;
  /** A route of the HTTP API; any 2xx is done. */
  get(path: string, options?: CallOptions): Promise<Answered<unknown>>;
  /** Creates `muster_experiments/{id}/muster_writes/{key}` as a web client does, through security rules. */
  writeByRules(experimentId: string, key: string): Promise<Answered<null>>;
  /** Every write that is stored of an experiment, by whichever way. */
  writesOf(experimentId: string): Promise<StoredTimes[]>;
  /** Undefined when there is none, or it may not be read. */
  timesOf(path: string): Promise<StoredTimes | undefined>;
}

/** A call that had to be done was not. */
export class TargetRefusal extends Error {
  readonly refused: Refused;

  constructor(what: string, refused: Refused) {
    super(`${what}: ${refused.message}`);
    this.name = 'TargetRefusal';
    this.refused = refused;
  }
}

/** The response, or a refusal that is thrown. */
export const mustBeDone = <Response>(what: string, answered: Answered<Response>): Response => {
  if (answered.done) return answered.response;
  throw new TargetRefusal(what, answered);
};

/** RFC 3339 as the database writes it has as many digits of a second as it needs; so they compare as texts. */
export const comparable = (instant: string): string => {
  const [, seconds = '', fraction = ''] = /^([^.Z]+)(?:\.(\d+))?Z$/u.exec(instant) ?? [];
  return `${seconds}.${fraction.padEnd(9, '0')}Z`;
};
