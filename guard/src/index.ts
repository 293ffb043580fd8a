/** What a product installs. */
export { createGuard, type GuardOptions } from './create-guard';
export type { Guard, RunOptions } from './guard';
export type { GuardAnswer, RestrictionView } from './answer';
export type { CachedAnswer } from './cached-guard';
export type { ProductRequest } from './guard-request';
export type { ProductWork } from './product-work';
export { MusterError } from './errors';
export { GeoPoint, Reference } from './rest-values';
export { GUARD_REASONS, type GuardReason } from '../../functions/src/contract/errors';
export { CATALOG, FORBIDDEN, type Catalog, type CapabilityClass } from '../../functions/src/contract/capabilities';
