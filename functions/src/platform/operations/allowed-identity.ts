import type { Identity } from './actor';

/** Whether an account that has no role is one that a deployment allows: by the domain of its verified e-mail address. */
export const allowedIdentity = ({ verifiedDomain, anonymous }: Identity, domains: readonly string[]): boolean =>
  anonymous !== true && verifiedDomain !== undefined && domains.includes(verifiedDomain);
