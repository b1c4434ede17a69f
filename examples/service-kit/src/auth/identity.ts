import type { Principal } from '@holdfast/credential-broker';

/** Who makes a request, as their token or key proves; nothing else in the request can change it. */
export interface Identity extends Principal {
  /** What the token or key is good for, at most: permissions that the roles grant. Default: all that they grant. */
  readonly scopes?: readonly string[] | undefined;
}

/** How long, and how many: whatever an identity holds ends up in keys of maps and in rows of tables. */
const MAX = { id: 256, tenant: 64, item: 128, items: 64 };

/** A name as it may stand in logs and headers: no spaces, no control characters. */
export const isName = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length <= maxLength && /^[\x21-\x7e]+$/.test(value);

const areNames = (value: readonly unknown[] | undefined) =>
  value === undefined || (value.length <= MAX.items && value.every((item) => isName(item, MAX.item)));

/** Whether an identity, put together from claims or found in a store, has only what one may have. */
export function isIdentity({ id, tenant, roles, scopes, onBehalfOf = id }: Identity): boolean {
  return (
    isName(id, MAX.id) &&
    isName(tenant, MAX.tenant) &&
    isName(onBehalfOf, MAX.id) &&
    areNames(roles) &&
    areNames(scopes)
  );
}
