export { leaseTables, type LeaseTables } from './postgres/lease-tables.ts';
export type {
  PooledClient,
  PostgresClient,
  PostgresPool,
  PostgresResult,
} from './postgres/postgres-client.ts';
export { postgresLeases, type PostgresLeasesOptions } from './postgres/postgres-leases.ts';
