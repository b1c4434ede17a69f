import {
  BackendError,
  Secret,
  type Backend,
  type BackendLease,
  type BackendRequest,
} from '@holdfast/credential-broker';

/** What every credential of the stub holds: nobody but whoever redeems it may see it. */
export const CANARY = 'canary-7f3a91c5e8-secret';

/** A backend that makes what it is asked for, and remembers what it made. */
export interface StubBackend extends Backend {
  /** What it was asked for, and what for. */
  readonly asked: {
    readonly what: 'inspect' | 'issue' | 'renew' | 'revoke';
    readonly request?: BackendRequest;
  }[];
  /** The references of what is alive. */
  readonly alive: Map<string, number>;
  /** What it fails with, while it is set. */
  failing: Error | undefined;
  /** What keeps it from answering, while it is set. */
  hold: Promise<void> | undefined;
  /** How long its credentials live at most. */
  maxTtlMs: number | undefined;
  count(what: string): number;
}

/** @param kind - `maker` makes a credential for each lease, `keeper` has one for everybody */
export function stubBackend(kind: 'maker' | 'keeper', now: () => number): StubBackend {
  const asked: StubBackend['asked'] = [];
  const alive = new Map<string, number>();
  let made = 0;
  const answer = async (what: 'inspect' | 'issue' | 'renew' | 'revoke', request?: BackendRequest) => {
    asked.push({ what, ...(request && { request }) });
    await stub.hold;
    if (stub.failing !== undefined) throw stub.failing;
    if (request?.path.includes('missing')) throw new BackendError('not-found', 'there is no such credential');
  };
  const stub: StubBackend = {
    kind,
    keepsSecrets: kind === 'keeper',
    asked,
    alive,
    failing: undefined,
    hold: undefined,
    maxTtlMs: undefined,
    count: (what) => asked.filter((one) => one.what === what).length,
    async inspect(request) {
      await answer('inspect', request);
      return { maxTtlMs: stub.maxTtlMs };
    },
    async issue(request): Promise<BackendLease> {
      await answer('issue', request);
      const credential = { username: new Secret('u'), password: new Secret(`${CANARY}-${++made}`) };
      if (kind === 'keeper') return { credential };
      const expiresAtMs = now() + Math.min(request.ttlMs, stub.maxTtlMs ?? Infinity);
      alive.set(`role-${made}`, expiresAtMs);
      return { credential, expiresAtMs, ref: `role-${made}` };
    },
    health: () => answer('inspect').then(() => undefined),
  };
  if (kind === 'maker') {
    stub.renew = async (ref, ttlMs) => {
      await answer('renew');
      alive.set(ref, now() + ttlMs);
      return now() + ttlMs;
    };
    stub.revoke = async (ref) => {
      await answer('revoke');
      alive.delete(ref);
    };
  }
  return stub;
}
