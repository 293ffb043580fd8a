/** What granting and revoking a role come to. Pure. */
import { BRINGS, role as roleSchema, type Role } from '@muster/contract/staff';

const inOrder = (roles: Iterable<Role>): Role[] => {
  const held = new Set(roles);
  return roleSchema.options.filter((name) => held.has(name));
};

/** With what the role brings: an admin is staff. */
export const withRole = (held: readonly Role[], granted: Role): Role[] =>
  inOrder([...held, granted, ...BRINGS[granted]]);

/** Without the roles that bring it either: who is no longer staff is no longer an admin. */
export const withoutRole = (held: readonly Role[], revoked: Role): Role[] =>
  inOrder(held.filter((name) => name !== revoked && !BRINGS[name].includes(revoked)));
