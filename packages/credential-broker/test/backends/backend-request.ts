import type { BackendRequest } from '@holdfast/credential-broker';

/** A request for a path that asks for nothing special. */
export const requestFor = (path: string, change: Partial<BackendRequest> = {}): BackendRequest => ({
  resource: { type: 'generic', ref: `test://${path}` },
  path,
  scope: ['read'],
  ttlMs: 60_000,
  tenant: 'acme',
  principal: 'agent-1',
  leaseId: 'lease-1',
  parameters: {},
  ...change,
});

/** A signal that never aborts. */
export const never = (): AbortSignal => new AbortController().signal;

/** A credential in clear, to compare. */
export const revealed = (
  credential: Readonly<Record<string, { reveal(): string }>>,
): Record<string, string> =>
  Object.fromEntries(Object.entries(credential).map(([name, secret]) => [name, secret.reveal()]));
