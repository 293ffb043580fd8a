/** A failure in words, for whoever draws it: a terminal, or the console. Without ink, and without widths. */
import type { FieldProblem } from '@muster/contract';
import type { Failure } from './failure';

/** What there is to say, in the order in which it is said. */
export interface FailureWords {
  sentence: string;
  /** What is wrong with the input; each under the name by which it was given. */
  fields: FieldProblem[];
  next: string | undefined;
  /** The activation that refused, which the ledger tells of. */
  activation: string | undefined;
  /** What to look for in the logs; only where somebody must. */
  correlationId: string | undefined;
  /** Set when what was to be stopped goes on: said before all else, and by nobody taken for a success. */
  notContained: NotContained | undefined;
}

export interface NotContained {
  severity: string;
  /** What is to be done by hand. */
  steps: readonly string[];
}

/** `nameOf` says what someone typed, or filled in, for a field of the contract. */
export const failureWords = (failure: Failure, nameOf: (field: string) => string): FailureWords => {
  const { fields = [], next, correlationId, reason, activation } = failure.details;
  // The backend repeats the fields in its sentence; here each is said by itself.
  const isRepeated = reason === 'BAD_INPUT' && fields.length > 0 && correlationId !== undefined;
  const isDefect = failure.code === 'INTERNAL' || failure.code === 'UNAVAILABLE';
  return {
    sentence: isRepeated ? 'The input is not valid; nothing was changed.' : failure.message,
    fields: fields.map(({ field, problem }) => ({ field: nameOf(field), problem })),
    next,
    activation,
    correlationId: isDefect ? correlationId : undefined,
    notContained: failure.isNotContained ? notContained(failure) : undefined,
  };
};

/** Whatever kept it from being stopped, it is as bad. */
export const notContained = ({ details: { severity = 'P0', steps = [] } }: Failure): NotContained => ({
  severity,
  steps,
});
