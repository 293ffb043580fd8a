/** What a product installs. */
export { createGuard, type GuardOptions } from './create-guard';
export type { Guard, RunOptions } from './guard';
export type { GuardAnswer, RestrictionView } from './answer';
export type { CachedAnswer } from './cached-guard';
export type { ProductRequest } from './guard-request';
export type { ProductWork } from './product-work';
export { MusterError } from '@muster/core/errors';
export { GeoPoint, Reference } from '@muster/core/storage/rest-values';
export { GUARD_REASONS, type GuardReason } from '@muster/contract/errors';
export {
  CAPABILITY_CATALOG as CATALOG,
  FORBIDDEN,
  type Catalog,
  type CapabilityClass,
} from '@muster/contract/capabilities';
