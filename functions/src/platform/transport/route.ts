/** How a route of the HTTP API is bound to the operation that answers it. */
import type { Request } from 'express';
import type * as z from 'zod';
import { routes as shapes } from '@muster/contract/ops-api';
import type { ErrorCode } from '@muster/contract/errors';
import type { MusterError } from '@muster/core/errors';
import type { Operation } from '../operations/operation';

/** A route that runs an operation for whoever the token says. */
export interface Route {
  method: 'get' | 'post';
  /** `{id}` stands for any one part, `{+tile}` for any number of them. */
  path: string;
  /** What the body, or the query, must be. */
  input: z.ZodType;
  operation: Operation;
  /** Of what is done; 200 unless set. */
  status?: number;
  /** Parsed input and the parts of the path to the operation's request, and the operation's response to the answered fields. */
  toRequest(input: never, parts: Request['params']): unknown;
  toAnswer(response: never): object;
  /** What is answered instead of JSON. */
  content?(response: never): { type: string; body: string | Buffer };
  /** Statuses that this route's clients know for a code, in place of the table's. */
  refusedAs?: Partial<Record<ErrorCode, number>>;
  /** What a refusal says here beside sentence, code and details. */
  refusal?(refused: MusterError): object;
}

/** What an operation answers. */
export type Answered<Of extends Operation> = z.output<Of['contract']['response']>;

/** What is posted is what the operation is asked, and its answer what is answered, unless `more` says otherwise. */
export const route = (key: keyof typeof shapes, operation: Operation, more: Partial<Route> = {}): Route => {
  const [method, path = ''] = key.split(' ');
  const shape = shapes[key];
  return {
    method: method === 'GET' ? 'get' : 'post',
    path,
    input: 'body' in shape ? shape.body : shape.query,
    operation,
    toRequest: (input) => input,
    toAnswer: (same) => same,
    ...more,
  };
};
