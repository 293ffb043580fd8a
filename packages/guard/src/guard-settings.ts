/** What a product sets its guard up with, checked once: a mistyped class or bound must not let more pass. */
import * as z from 'zod';
import { CAPABILITY_CATALOG, capabilityClass, type Catalog } from '@muster/contract/capabilities';

const DEFAULT_BOUND_MS = 30_000;
const LONGEST_BOUND_MS = 24 * 60 * 60 * 1000;

const WORD = '(?:<id>|[a-z0-9][a-z0-9_-]*)';
const catalog = z.record(
  z
    .string()
    .max(100)
    .regex(new RegExp(`^${WORD}(?:\\.${WORD}){0,3}$`, 'u'), 'a capability, or a pattern of them'),
  capabilityClass,
);
const bound = z.number().min(1).max(LONGEST_BOUND_MS);

/** Muster's catalog with the product's own; a name that both have is the product's. */
export const checkedCatalog = (own: Catalog | undefined): Catalog => ({
  ...CAPABILITY_CATALOG,
  ...settings(catalog, own ?? {}),
});

/** The bound on the age of answers from memory, in milliseconds. */
export const checkedBound = (ms: number | undefined): number => settings(bound, ms ?? DEFAULT_BOUND_MS);

const settings = <T>(schema: z.ZodType<T>, given: unknown): T => {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(`The guard cannot be set up like this: ${z.prettifyError(parsed.error)}`);
};
