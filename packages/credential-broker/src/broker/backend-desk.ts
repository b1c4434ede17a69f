import type { Backend, BackendInfo, BackendLease, BackendRequest, Credential } from '../backends/backend.ts';
import { BackendError } from '../backends/backend-error.ts';
import { guardBackend, type GuardedBackend } from '../backends/guard/guard-backend.ts';
import type { Lease } from '../leases/lease.ts';
import type { BrokerSettings } from './options.ts';
import { within } from './within.ts';

/** Overwrites every secret of a credential. */
export function clear(credential: Credential): void {
  for (const secret of Object.values(credential)) secret.dispose();
}

const isGuarded = (backend: Backend): backend is GuardedBackend => 'invalidate' in backend;

const late = () => new BackendError('unavailable', 'the backend took too long');

/** What a backend throws without saying why may hold anything; only the kind of error is passed on. */
function toBackendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  return new BackendError('unavailable', 'the backend failed in an unexpected way');
}

/** The backends of a broker, each asked for no longer than it may take. */
export class BackendDesk {
  private readonly backends: ReadonlyMap<string, Backend>;
  private readonly settings: BrokerSettings;

  constructor(settings: BrokerSettings) {
    const { guard = {}, clock } = settings;
    this.settings = settings;
    this.backends = new Map(
      Object.entries(settings.backends).map(([scheme, backend]) => [
        scheme,
        guard === 'none' || isGuarded(backend) ? backend : guardBackend(backend, { clock, ...guard }),
      ]),
    );
  }

  inspect(lease: Lease, ttlMs: number): Promise<BackendInfo> {
    return this.ask((signal) => this.of(lease).inspect(requestOf(lease, ttlMs), signal));
  }

  /** @param abandoned - gets what the backend made too late */
  issue(lease: Lease, ttlMs: number, abandoned: (made: BackendLease) => void): Promise<BackendLease> {
    return this.ask((signal) => this.of(lease).issue(requestOf(lease, ttlMs), signal), abandoned);
  }

  /** When the credential of a lease ends now; nothing where the backend cannot prolong it. */
  renew(lease: Lease, backendRef: string, ttlMs: number): Promise<number | undefined> {
    return this.ask(async (signal) => this.of(lease).renew?.(backendRef, ttlMs, signal));
  }

  revoke(lease: Lease, backendRef: string): Promise<void> {
    return this.ask(async (signal) => this.of(lease).revoke?.(backendRef, signal));
  }

  /** Whether each use of a lease makes a credential that has to be ended. */
  makesFor(lease: Lease): boolean {
    return this.of(lease).revoke !== undefined;
  }

  /** Forgets what guards keep of all references that begin with something: the next credential is as its backend has it. */
  forget(prefix: string): void {
    for (const [scheme, backend] of this.backends) {
      const start = `${scheme}://`;
      if (!isGuarded(backend) || !(prefix.startsWith(start) || start.startsWith(prefix))) continue;
      backend.invalidate(prefix.slice(start.length));
    }
  }

  async health(): Promise<Readonly<Record<string, 'up' | 'down'>>> {
    const answers = [...this.backends].map(async ([scheme, backend]) => {
      const up = await this.ask((signal) => backend.health(signal)).then(
        () => true,
        () => false,
      );
      return [scheme, up ? 'up' : 'down'] as const;
    });
    return Object.fromEntries(await Promise.all(answers));
  }

  async close(): Promise<void> {
    await Promise.all([...this.backends.values()].map(async (backend) => backend.close?.()));
  }

  /** @throws {@link BackendError} `not-found` when there is none of that name */
  private of({ resource: { ref } }: Lease): Backend {
    const backend = this.backends.get(ref.slice(0, ref.indexOf('://')));
    if (backend === undefined) throw new BackendError('not-found', 'there is no such credential');
    return backend;
  }

  private async ask<T>(run: (signal: AbortSignal) => Promise<T>, abandoned?: (value: T) => void): Promise<T> {
    const { clock, backendTimeoutMs: ms } = this.settings;
    try {
      return await within({ clock, ms, late, ...(abandoned && { abandoned }) }, (signal) => run(signal()));
    } catch (error) {
      throw toBackendError(error);
    }
  }
}

function requestOf(lease: Lease, ttlMs: number): BackendRequest {
  const { resource, scope, tenant, principal, id, parameters } = lease;
  const path = resource.ref.slice(resource.ref.indexOf('://') + 3);
  return { resource, path, scope, ttlMs, tenant, principal, leaseId: id, parameters };
}
