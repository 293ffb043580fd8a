/** The modes of a product. Pure names: what each forbids stands in `capabilities.ts`. */
import * as z from 'zod';

/**
 * `read_only` forbids all writes, `offline` (cloud only) forbids writes to outside systems, `degraded` forbids nothing
 * and is announced: a product's own code honors it.
 */
export const restrictedMode = z.enum(['degraded', 'read_only', 'offline']);
export type RestrictedMode = z.infer<typeof restrictedMode>;
export const mode = z.enum(['normal', ...restrictedMode.options]);
export type Mode = z.infer<typeof mode>;
