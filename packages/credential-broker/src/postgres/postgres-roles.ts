import { createHash, randomBytes } from 'node:crypto';
import { check, readOptions, type Clock } from '@holdfast/pipeline';
import type { Backend, BackendInfo, BackendLease, BackendRequest } from '../backends/backend.ts';
import { BackendError } from '../backends/backend-error.ts';
import { untilAborted } from '../backends/until-aborted.ts';
import { promised } from '../leases/promised.ts';
import { Secret } from '../secret/secret.ts';
import type { PostgresClient, PostgresPool } from './postgres-client.ts';
import {
  grantsRule,
  rolesDefaults,
  rolesRules,
  templateDefaults,
  templateRules,
  type PostgresRolesOptions,
  type RoleTemplate,
} from './roles-options.ts';
import { scramVerifier } from './scram-verifier.ts';
import { sqlName } from './sql-name.ts';

/** The backend, and what is needed to put right what a crash left behind. */
export interface PostgresRoles extends Backend {
  /**
   * Drops roles whose time is over and that nobody dropped: those that a process made right before it died.
   *
   * @returns how many
   * @throws {@link AggregateError} of what PostgreSQL said of each that could not be dropped; the others are
   */
  removeExpired(): Promise<number>;
}

/**
 * Makes a backend that creates a PostgreSQL role for each lease: it can log in until the lease ends, has the rights that
 * the scope asks for, and is dropped with its sessions when the lease ends. What it made goes to a role that was granted
 * to it.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { postgresRoles } from '@holdfast/credential-broker/postgres';
 * import { Pool } from 'pg';
 *
 * const pg = postgresRoles({
 *   pool: new Pool({ connectionString: 'postgres://broker@127.0.0.1/app' }),
 *   roles: { orders: { grants: { read: ['orders_reader'], write: ['orders_writer'] } } },
 * });
 * ```
 */
export function postgresRoles(options: PostgresRolesOptions): PostgresRoles {
  const { pool, roles, prefix, clock } = readOptions('postgresRoles', options, rolesRules, rolesDefaults);
  check('postgresRoles: pool', pool, rolesRules.pool);
  check('postgresRoles: roles', roles, rolesRules.roles);
  const templates = new Map(
    Object.entries(roles).map(([path, template]) => {
      const owner = `postgresRoles: roles.${path}`;
      check(`${owner}.grants`, template.grants, grantsRule);
      return [path, readOptions(owner, template, templateRules, templateDefaults)] as const;
    }),
  );
  return new Roles({ pool, templates, prefix, clock });
}

type Template = RoleTemplate & typeof templateDefaults;

interface RolesParts {
  readonly pool: PostgresPool;
  readonly templates: ReadonlyMap<string, Template>;
  readonly prefix: string;
  readonly clock: Pick<Clock, 'wallNow'>;
}

class Roles implements PostgresRoles {
  readonly kind = 'postgres-roles';
  private readonly pool: PostgresPool;
  private readonly templates: RolesParts['templates'];
  private readonly prefix: string;
  private readonly clock: RolesParts['clock'];

  constructor({ pool, templates, prefix, clock }: RolesParts) {
    this.pool = pool;
    this.templates = templates;
    this.prefix = prefix;
    this.clock = clock;
  }

  inspect(request: BackendRequest): Promise<BackendInfo> {
    return promised(() => {
      const template = this.templateOf(request);
      grantsOf(template, request);
      return { maxTtlMs: template.maxTtlMs };
    });
  }

  async issue(request: BackendRequest, signal: AbortSignal): Promise<BackendLease> {
    const template = this.templateOf(request);
    const grants = grantsOf(template, request);
    const role = this.nameOf(request);
    const expiresAtMs = this.clock.wallNow() + Math.min(request.ttlMs, template.maxTtlMs);
    const password = randomBytes(24).toString('base64url');
    const made = scramVerifier(password).then((verifier) =>
      this.transact((client) =>
        createRole(client, { role, verifier, grants, expiresAtMs, connections: template.connections }),
      ),
    );
    try {
      await untilAborted(made, signal);
    } catch (error) {
      // Nobody waits for it any more, so nobody would drop it.
      if (signal.aborted) made.then(() => this.drop(role)).catch(() => {});
      throw this.asBackendError(error, signal);
    }
    const fields = { ...template.fields, username: role, password };
    const credential = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, new Secret(value)]),
    );
    return { credential, expiresAtMs, ref: role };
  }

  async renew(ref: string, ttlMs: number, signal: AbortSignal): Promise<number> {
    const expiresAtMs = this.clock.wallNow() + ttlMs;
    await this.guarded(
      this.transact((client) =>
        client.query(`ALTER ROLE ${this.checked(ref)} VALID UNTIL '${until(expiresAtMs)}'`),
      ),
      signal,
    );
    return expiresAtMs;
  }

  revoke(ref: string, signal: AbortSignal): Promise<void> {
    return this.guarded(this.drop(this.checked(ref)), signal);
  }

  async health(signal: AbortSignal): Promise<void> {
    await this.guarded(this.pool.query('SELECT 1'), signal);
  }

  async removeExpired(): Promise<number> {
    const { rows } = await this.pool.query(
      `SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1) AND rolvaliduntil < now()`,
      [this.prefix],
    );
    // What it would never have called a role is none of its own.
    const roles = rows.map(({ rolname }) => String(rolname)).filter((role) => sqlName(role) === undefined);
    const errors: unknown[] = [];
    for (const role of roles) await this.drop(role).catch((error: unknown) => errors.push(error));
    if (errors.length > 0)
      throw new AggregateError(
        errors,
        `removeExpired: ${errors.length} of ${roles.length} roles could not be dropped`,
      );
    return roles.length;
  }

  private templateOf({ path }: BackendRequest) {
    const template = this.templates.get(path);
    if (template === undefined) throw new BackendError('not-found', 'there is no template for this path');
    return template;
  }

  /** The same for the same lease: a second attempt at it finds what the first one made. */
  private nameOf({ path, leaseId }: BackendRequest): string {
    const readable = path
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .slice(0, 20);
    return `${this.prefix}${readable}_${createHash('sha256').update(leaseId).digest('hex').slice(0, 20)}`;
  }

  private checked(role: string): string {
    if (sqlName(role) === undefined && role.startsWith(this.prefix)) return role;
    throw new BackendError('invalid', 'the reference names no role of this backend');
  }

  /** Closes the door first, then ends who is inside, then takes everything away. */
  private async drop(role: string): Promise<void> {
    const { rows } = await this.pool.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    if (rows.length === 0) return;
    await this.pool.query(`ALTER ROLE ${role} NOLOGIN`);
    await this.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
      role,
    ]);
    await this.transact(async (client) => {
      // Whoever drops what a role owns, or acts as it, has to be a member of it.
      await client.query(`GRANT ${role} TO CURRENT_USER`);
      await giveAway(client, role);
      await client.query(`DROP OWNED BY ${role}`);
      await client.query(`DROP ROLE ${role}`);
    });
  }

  private async transact(run: (client: PostgresClient) => Promise<unknown>): Promise<void> {
    const client = await this.pool.connect();
    client.on?.('error', ignore);
    let failed = true;
    try {
      await client.query('BEGIN');
      await run(client);
      await client.query('COMMIT');
      failed = false;
    } finally {
      // What is left of a transaction that failed goes with its connection.
      client.off?.('error', ignore);
      client.release(failed);
    }
  }

  private async guarded(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
    try {
      await untilAborted(work, signal);
    } catch (error) {
      throw this.asBackendError(error, signal);
    }
  }

  private asBackendError(error: unknown, signal: AbortSignal): unknown {
    if (error instanceof BackendError || signal.aborted) return error;
    const code = String((error as { readonly code?: unknown }).code);
    // SQLSTATE: 42501 insufficient privilege, 42704 undefined object, 28 invalid authorization.
    if (code === '42501' || code.startsWith('28'))
      return failed('denied', 'the database does not let the broker');
    if (code === '42704') return failed('not-found', 'there is no such role');
    return failed('unavailable', 'the database does not answer as it should');

    function failed(failure: 'denied' | 'not-found' | 'unavailable', message: string): BackendError {
      return new BackendError(failure, message, { cause: error });
    }
  }
}

/** The roles to grant. What the template does not know of a scope, nobody gets. */
function grantsOf({ grants }: Pick<Template, 'grants'>, { scope }: BackendRequest): readonly string[] {
  return scope.flatMap((each) => {
    const roles = Object.hasOwn(grants, each) ? grants[each] : undefined;
    if (roles === undefined) throw new BackendError('denied', 'the template has no such scope');
    return roles;
  });
}

/** The one of the roles that were granted to a role that may create the most: what it made was made with its rights. */
const HEIR = `
  SELECT roleid::regrole::text AS heir FROM pg_auth_members WHERE member = $1::regrole
  ORDER BY (SELECT count(*) FROM pg_namespace WHERE has_schema_privilege(roleid, pg_namespace.oid, 'CREATE')) DESC, heir
  LIMIT 1`;

/**
 * Gives what a role made to a role whose rights it had. Not to the broker: functions, views and indexes run with the
 * rights of their owner, and whoever made them must not get at more by leaving them behind.
 */
async function giveAway(client: PostgresClient, role: string): Promise<void> {
  const { rows } = await client.query(HEIR, [role]);
  await client.query(`SET LOCAL ROLE ${role}`);
  for (const { heir } of rows) await client.query(`REASSIGN OWNED BY ${role} TO ${String(heir)}`);
  await client.query('SET LOCAL ROLE NONE');
}

/** A connection that breaks fails the statement that is under way, which says it. */
const ignore = () => {};

const until = (ms: number) => new Date(ms).toISOString();

interface NewRole {
  readonly role: string;
  readonly verifier: string;
  readonly grants: readonly string[];
  readonly expiresAtMs: number;
  readonly connections: number;
}

/** Names are checked, a verifier is base64 and an instant digits: nothing in them can end a literal. */
async function createRole(client: PostgresClient, role: NewRole): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role.role]);
  await client.query(
    `${rows.length === 0 ? 'CREATE' : 'ALTER'} ROLE ${role.role} LOGIN
       PASSWORD '${role.verifier}' VALID UNTIL '${until(role.expiresAtMs)}' CONNECTION LIMIT ${role.connections}`,
  );
  for (const granted of new Set(role.grants)) await client.query(`GRANT ${granted} TO ${role.role}`);
}
