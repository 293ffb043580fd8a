/** What granting and revoking a role come to. Pure. */
import { role as roleSchema, type Role } from '@muster/contract/staff';

const inOrder = (roles: Iterable<Role>): Role[] => {
  const held = new Set(roles);
  return roleSchema.options.filter((name) => held.has(name));
};

/** An admin is staff. */
export const withRole = (held: readonly Role[], granted: Role): Role[] =>
  inOrder([...held, granted, ...(granted === 'admin' ? (['staff'] as const) : [])]);

/** Who is no longer staff is no longer an admin. */
export const withoutRole = (held: readonly Role[], revoked: Role): Role[] =>
  inOrder(held.filter((name) => name !== revoked && !(revoked === 'staff' && name === 'admin')));
