import { randomBytes } from 'node:crypto';
import { operations, type FieldProblem, type OperationName, type RequestOf, type ResponseOf } from '@muster/contract';
import { callFunction, type Patience } from './callable-client';
import type { Destination } from './destination';
import { Failure } from './failure';
import type { Machine } from './machine';
import type { TokenSource } from './token-source';

/** The fields of a request as they were typed; the contract says what becomes of each. */
export type Asked<Name extends OperationName> = Readonly<Partial<Record<keyof RequestOf<Name>, unknown>>>;

export interface Caller {
  machine: Pick<Machine, 'fetch' | 'wait'>;
  destination: Destination;
  tokens: TokenSource;
}

/** What came: as it was sent for programs, and checked against the contract for whoever shows it. */
export interface Answer<Name extends OperationName> {
  sent: unknown;
  checked: () => ResponseOf<Name>;
}

/** Makes an id for a change that was given none, so that repeating it is safe. */
export const newRequestId = (): string => `cli-${randomBytes(12).toString('hex')}`;

/** Asks an operation of the backend; what is wrong with the input is found before anything is sent. */
export const callOperation = async <Name extends OperationName>(
  { machine, destination, tokens }: Caller,
  name: Name,
  asked: Asked<Name>,
  patience?: Patience,
): Promise<Answer<Name>> => {
  const request = operations[name].request.safeParse(asked);
  if (!request.success) throw badInput(request.error.issues);
  const call = (token: string) => callFunction({ machine, destination, token, patience }, name, request.data);

  const sent = await call(await tokens.token()).catch(async (error: unknown) => {
    // A role that was granted a minute ago is not in a token that is older.
    const token = isRoleMissing(error) ? await tokens.newer() : undefined;
    if (token === undefined) throw error;
    return call(token);
  });
  return { sent, checked: () => checkedResponse(name, sent) };
};

const checkedResponse = <Name extends OperationName>(name: Name, sent: unknown): ResponseOf<Name> => {
  const response = operations[name].response.safeParse(sent);
  if (response.success) return response.data as ResponseOf<Name>;
  throw new Failure(
    'INTERNAL',
    `The answer to ${name} is not what this version of the command line knows; it was carried out all the same.`,
    { reason: 'UNEXPECTED', next: 'Use the command line of the version that is deployed, or --json.' },
    { cause: response.error },
  );
};

const isRoleMissing = (error: unknown): boolean => error instanceof Failure && error.details.reason === 'ROLE_MISSING';

const badInput = (issues: readonly { path: PropertyKey[]; message: string }[]): Failure => {
  const fields: FieldProblem[] = issues.map(({ path, message }) => ({
    field: path.map(String).join('.') || '(input)',
    problem: message,
  }));
  return new Failure('INVALID_ARGUMENT', 'The input is not valid; nothing was sent.', { reason: 'BAD_INPUT', fields });
};
