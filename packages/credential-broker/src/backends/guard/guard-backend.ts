import { createHash } from 'node:crypto';
import { Secret } from '../../secret/secret.ts';
import type { Backend, BackendInfo, BackendLease, BackendRequest, Credential } from '../backend.ts';
import { BackendError } from '../backend-error.ts';
import { Answers } from './answers.ts';
import { BackendCalls } from './backend-calls.ts';
import type { GuardStats } from './guard-stats.ts';
import { readGuardOptions, type GuardOptions } from './options.ts';
import { SharedCalls, type Sharing } from './shared-calls.ts';

/** A backend behind a guard. */
export interface GuardedBackend extends Backend {
  /**
   * Forgets what is known of all paths that begin with something; what is on its way is not kept either.
   *
   * @param prefix - default: all of them
   */
  invalidate(prefix?: string): void;
  stats(): GuardStats;
}

const copyLease = (lease: BackendLease): BackendLease => ({
  ...lease,
  credential: Object.fromEntries(
    Object.entries(lease.credential).map(([name, secret]) => [name, new Secret(secret.bytes())]),
  ),
});

const clear = (credential: Credential) => {
  for (const secret of Object.values(credential)) secret.dispose();
};

/** Whether a credential is the same for everybody and at any time, as far as the backend knows. */
const isLasting = ({ fleeting, expiresAtMs, ref }: BackendLease) =>
  fleeting !== true && expiresAtMs === undefined && ref === undefined;

/** Everything that an answer may depend on, save for who asks. Short, however much somebody asks with it. */
function keyOf({ tenant, resource, path, scope, parameters }: BackendRequest): string {
  const all = [path, tenant, resource.type, scope.toSorted(), Object.entries(parameters).toSorted()];
  const text = JSON.stringify(all);
  return text.length <= 512 ? text : createHash('sha256').update(text).digest('base64url');
}

class Guard implements GuardedBackend {
  readonly kind: string;
  readonly keepsSecrets: boolean;
  readonly renew?: NonNullable<Backend['renew']>;
  readonly revoke?: NonNullable<Backend['revoke']>;
  private readonly backend: Backend;
  private readonly calls: BackendCalls;
  private readonly infos: Answers<BackendInfo>;
  private readonly leases: Answers<BackendLease>;
  private readonly missing: Answers<BackendError>;
  private readonly inspections = new SharedCalls<BackendInfo>();
  private readonly issues = new SharedCalls<BackendLease>();
  private readonly counts = { hits: 0, stale: 0, missing: 0 };

  constructor(backend: Backend, options: GuardOptions) {
    const settings = readGuardOptions(options);
    const { clock, cacheMs, missingMs, maxStaleMs: staleMs, maxEntries: max } = settings;
    this.backend = backend;
    this.kind = backend.kind;
    this.keepsSecrets = backend.keepsSecrets === true;
    this.calls = new BackendCalls(backend, settings);
    this.infos = new Answers({ clock, max, freshMs: cacheMs });
    this.missing = new Answers({ clock, max, freshMs: missingMs });
    this.leases = new Answers({ clock, max, freshMs: cacheMs, staleMs }, ({ credential }) =>
      clear(credential),
    );
    const { renew, revoke } = this.calls;
    if (renew !== undefined) this.renew = renew;
    if (revoke !== undefined) this.revoke = revoke;
  }

  async inspect(request: BackendRequest, signal: AbortSignal): Promise<BackendInfo> {
    const key = keyOf(request);
    const known = this.known(this.infos, key);
    if (known !== undefined) return known;
    return this.inspections.share(
      this.sharing(key, request, {
        ask: (shared) => this.calls.inspect(request, shared),
        isShared: () => true,
        copy: (info) => info,
        keep: (info) => this.infos.set(key, request.path, info),
        release: () => {},
      }),
      signal,
    );
  }

  async issue(request: BackendRequest, signal: AbortSignal): Promise<BackendLease> {
    const key = keyOf(request);
    const known = this.known(this.leases, key);
    if (known !== undefined) return copyLease(known);
    if (!this.keepsSecrets) return this.calls.issue(request, signal);
    try {
      return await this.issues.share(
        this.sharing(key, request, {
          ask: (shared) => this.calls.issue(request, shared),
          isShared: isLasting,
          copy: copyLease,
          keep: (lease) => this.leases.set(key, request.path, lease),
          release: ({ credential }) => clear(credential),
        }),
        signal,
      );
    } catch (error) {
      return this.staleOr(error, key);
    }
  }

  health(signal: AbortSignal): Promise<void> {
    return this.calls.health(signal);
  }

  invalidate(prefix = ''): void {
    for (const kept of [this.infos, this.leases, this.missing, this.inspections, this.issues]) {
      kept.forget(prefix);
    }
  }

  stats(): GuardStats {
    const joined = this.inspections.joined + this.issues.joined;
    return { ...this.calls.stats(), cache: { ...this.counts, joined, size: this.leases.size } };
  }

  async close(): Promise<void> {
    this.invalidate();
    await this.backend.close?.();
  }

  /** @throws {@link BackendError} when it is known that there is nothing */
  private known<V extends object>(answers: Answers<V>, key: string): V | undefined {
    const missing = this.missing.get(key);
    if (missing !== undefined) {
      this.counts.missing++;
      throw new BackendError('not-found', missing.message);
    }
    const value = answers.get(key);
    if (value !== undefined) this.counts.hits++;
    return value;
  }

  private sharing<T>(
    key: string,
    { path }: BackendRequest,
    how: Pick<Sharing<T>, 'ask' | 'isShared' | 'copy'> & Record<'keep' | 'release', (answer: T) => void>,
  ): Sharing<T> {
    const { ask, isShared, copy, keep, release } = how;
    return {
      key,
      path,
      ask,
      isShared,
      copy,
      settled: (result, holds) => {
        if (result.ok && holds && isShared(result.value)) keep(result.value);
        else if (result.ok) release(result.value);
        else if (holds) this.drop(key, path, result.error);
      },
    };
  }

  /** A credential that is gone, or not ours any more, is not kept either. */
  private drop(key: string, path: string, error: unknown): void {
    if (!(error instanceof BackendError) || !['not-found', 'denied'].includes(error.failure)) return;
    this.infos.delete(key);
    this.leases.delete(key);
    if (error.failure === 'not-found') this.missing.set(key, path, error);
  }

  /** What is too old is better than nothing where the options say so and the backend says nothing at all. */
  private staleOr(error: unknown, key: string): BackendLease {
    const silent =
      error instanceof BackendError && (error.failure === 'unavailable' || error.failure === 'quota');
    const stale = silent ? this.leases.get(key, true) : undefined;
    if (stale === undefined) throw error;
    this.counts.hits++;
    this.counts.stale++;
    return copyLease(stale);
  }
}

/**
 * Puts a backend behind a time limit, bounded retries, a circuit breaker and a limit below its provider's quota, and keeps
 * its answers for a while. {@link createBroker} does so with each of its backends.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { guardBackend } from '@holdfast/credential-broker';
 * import { environment } from '@holdfast/credential-broker/backends';
 *
 * const backend = guardBackend(environment({ env: process.env }), { cacheMs: 0 });
 * console.log(backend.stats().breaker); // closed
 * ```
 */
export function guardBackend(backend: Backend, options: GuardOptions = {}): GuardedBackend {
  return new Guard(backend, options);
}
