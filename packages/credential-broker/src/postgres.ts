export { leaseTables, type LeaseTables } from './postgres/lease-tables.ts';
export type {
  PooledClient,
  PostgresClient,
  PostgresPool,
  PostgresResult,
} from './postgres/postgres-client.ts';
export { postgresLeases, type PostgresLeasesOptions } from './postgres/postgres-leases.ts';
export { postgresRoles, type PostgresRoles } from './postgres/postgres-roles.ts';
export type { PostgresRolesOptions, RoleTemplate } from './postgres/roles-options.ts';
export { postgresRefreshLock, type PostgresRefreshLockOptions } from './postgres/postgres-refresh-lock.ts';
export { postgresRows, type PostgresRowsOptions } from './postgres/postgres-rows.ts';
export { sealedRowTables } from './postgres/sealed-row-tables.ts';
