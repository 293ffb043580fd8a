import * as z from 'zod';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';

/**
 * `muster_canaries/expected`: the run that is on its way, and what rules let its writes be. Nobody but the backend can read it.
 */
export const expected = z.strictObject({
  run: z.string(),
  /** Random, for this run alone: whoever writes it is the canary. */
  number: z.string(),
  /** The documents that the run may create, each once. */
  names: z.array(z.string()),
  /** The number is good for so long. */
  until: z.date(),
  /** When what the run has left is removed (TTL). */
  keptUntil: z.date(),
  /** No other run begins before: the function that made it has ended by then, in whatever way. */
  leaseUntil: z.date(),
});
export type Expected = z.infer<typeof expected>;

export const expectedAt = () => documentAt(paths.canary('expected'), expected);

/** As it is stored: one that is damaged must not keep the next run from beginning. */
export const expectedAsStored = () => documentAt<unknown>(paths.canary('expected'), z.unknown());

/** What is written through the guard: a product's document, for the guard lets no work write Muster's own. */
export const guardedPath = (name: string): string => paths.canaryWrite(name);
