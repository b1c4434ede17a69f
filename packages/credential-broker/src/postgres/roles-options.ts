import { having, integer, systemClock, type, type Clock, type Rule, type Rules } from '@holdfast/pipeline';
import type { PostgresPool } from './postgres-client.ts';
import { sqlName } from './sql-name.ts';

/** What a role that is made for a lease can do. */
export interface RoleTemplate {
  /** The roles whose rights it gets, by what the scope asks for: `{ read: ['orders_reader'] }`. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
  /** The longest life, in milliseconds. 1,000 to 86,400,000. Default 900,000. */
  readonly maxTtlMs?: number | undefined;
  /** How many connections it may have at a time. At least 1. Default 5. */
  readonly connections?: number | undefined;
  /** What is told with the credential, such as `host`, `port` and `database`. Default none. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** Options of {@link postgresRoles}. */
export interface PostgresRolesOptions {
  /**
   * A pool of `pg` whose user has CREATEROLE, the admin option on every role that is granted, and is a member of
   * `pg_signal_backend`. It need not be, and should not be, a superuser. Its owner ends it.
   */
  readonly pool: PostgresPool;
  /** What can be asked for, by path: `pg://orders` is the template `orders`. */
  readonly roles: Readonly<Record<string, RoleTemplate>>;
  /** What the names of the roles begin with. Small letters, digits and underscores, at most 20. Default `hf_`. */
  readonly prefix?: string | undefined;
  /** Where time comes from; it should agree with the server's. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const PREFIX = /^[a-z][a-z0-9_]{0,19}$/;
export const rolesDefaults = { prefix: 'hf_', clock: systemClock } satisfies Partial<PostgresRolesOptions>;
export const templateDefaults = {
  maxTtlMs: 900_000,
  connections: 5,
  fields: {},
} satisfies Partial<RoleTemplate>;

export const grantsRule: Rule = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every(
    (names) => Array.isArray(names) && names.every((name) => sqlName(name) === undefined),
  )
    ? undefined
    : 'must give lists of role names by scope';

export const templateRules: Rules<RoleTemplate> = {
  grants: grantsRule,
  maxTtlMs: integer(1_000, 86_400_000),
  connections: integer(1),
  fields: type('object'),
};

export const rolesRules: Rules<PostgresRolesOptions> = {
  pool: having('query', 'connect'),
  roles: type('object'),
  prefix: (value) => (PREFIX.test(String(value)) ? undefined : `must match ${PREFIX.source}`),
  clock: having('wallNow'),
};
