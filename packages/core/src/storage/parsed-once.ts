import type * as z from 'zod';

/**
 * Checks stored objects against a schema, each object once: undefined when it is not what it should be. For what is kept
 * in memory and asked about again and again. Nobody changes an object that was read.
 */
export const parsedOnce = <T extends object>(schema: z.ZodType<T>): ((stored: unknown) => T | undefined) => {
  const known = new WeakMap<object, T | 'unreadable'>();
  return (stored) => {
    if (typeof stored !== 'object' || stored === null) return undefined;
    const parsed = known.get(stored) ?? schema.safeParse(stored).data ?? 'unreadable';
    known.set(stored, parsed);
    return parsed === 'unreadable' ? undefined : parsed;
  };
};
