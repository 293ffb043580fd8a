/** What `index.ts` deploys under a name of its own; the door answers the same operations at one address. */
import type { CallableOptions } from 'firebase-functions/v2/https';
import type { Operation } from '../operations/operation';
import { answering, type Answering, type Transport } from './callable';

/** The same for every callable; nothing sets CORS wider than the callable protocol needs (any origin, no cookies). */
const OPTIONS: CallableOptions = { cors: true };

/** An operation that can be called, and whether it is bound to a secret: then its named function alone can do it. */
export interface Called {
  operation: Operation;
  needsSecret: boolean;
}

/**
 * Deploys operations as callable functions, and remembers them for the door. With `named` off, only what is bound to a
 * secret is deployed under its name: the others lose what a deploy looks for, and are answered by the door alone.
 */
export const callables = ({ named }: { named: boolean }) => {
  const called = new Map<string, Called>();
  const callable = (
    deps: () => Transport,
    operation: Operation,
    also: Pick<CallableOptions, 'secrets'> = {},
  ): Answering => {
    const needsSecret = (also.secrets?.length ?? 0) > 0;
    called.set(operation.name, { operation, needsSecret });
    const deployed = answering(deps, operation, { ...OPTIONS, ...also });
    if (!named && !needsSecret) Reflect.deleteProperty(deployed, '__endpoint');
    return deployed;
  };
  return { callable, called: called as ReadonlyMap<string, Called> };
};
