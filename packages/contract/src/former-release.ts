/** What tells that release 0.1.0 of Muster stands in a database, which this one takes nothing over from. */
import * as z from 'zod';
import { mode } from './modes';

/** Where 0.1.0 kept its policy. A product may have a document of this name, too: it is looked at, and never written. */
export const FORMER_POLICY = 'policy/current';

/** As little as tells Muster's own policy, of any version, from whatever a product may keep there. */
const formerPolicy = z.looseObject({
  version: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  mode: z.looseObject({ name: mode, since: z.unknown(), until: z.unknown() }),
});

/** Whether what is stored at `FORMER_POLICY` is the policy of 0.1.0. */
export const isFormerPolicy = (stored: unknown): boolean => formerPolicy.safeParse(stored).success;

export const FORMER_RELEASE_STANDS =
  'The policy of Muster 0.1.0 stands in this database, and this release takes nothing over: what it restricts would be restricted no more.';

/** What to do then. */
export const BEGIN_ANEW =
  'Follow "From 0.1.0" in docs/operations.md: export the audit log with 0.1.0, note what is restricted, delete the document policy/current, and run `muster staff bootstrap`.';
