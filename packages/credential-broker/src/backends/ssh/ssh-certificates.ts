import { randomBytes } from 'node:crypto';
import { Secret } from '../../secret/secret.ts';
import type { Backend, BackendRequest } from '../backend.ts';
import { BackendError } from '../backend-error.ts';
import {
  readSshCertificatesOptions,
  type SshCertificatesOptions,
  type SshCertificatesSettings,
} from './options.ts';
import { checkedPublicKey } from './public-key.ts';
import { certify, tryKey } from './ssh-keygen.ts';

/** Clocks of other machines may be late. */
const BACKDATED_MS = 60_000;

/** How ssh-keygen takes an instant: to the second, in the zone that it runs in. */
const instant = (atMs: number) => new Date(atMs).toISOString().replaceAll(/[-:T]|\..*/g, '');

/** For people who read logs: who it was made for. Nothing in it may look like an option. */
const keyId = ({ tenant, principal, leaseId }: BackendRequest) =>
  `holdfast ${[tenant, principal, leaseId].join(' ').replaceAll(/[^\w.@:/ -]/g, '_')}`.slice(0, 256);

/** The user that a reference names: one, for rules that forbid another know references only as a whole. */
function principalOf({ path }: BackendRequest, { principals }: SshCertificatesSettings): string {
  if (!principals.includes(path)) {
    throw new BackendError('not-found', 'the authority certifies no such user');
  }
  return path;
}

/**
 * Certifies public keys with an authority of OpenSSH: `ssh://deploy` is a certificate for the user `deploy`, and the
 * parameter `publicKey` the key. It stops working when the lease ends; nothing can end it earlier, so keep leases short.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { sshCertificates } from '@holdfast/credential-broker/backends';
 *
 * const ssh = sshCertificates({ caKey: '/etc/holdfast/ssh-ca', principals: ['deploy'], maxTtlMs: 300_000 });
 * console.log(ssh.kind); // ssh-certificates
 * ```
 */
export function sshCertificates(options: SshCertificatesOptions): Backend {
  const settings = readSshCertificatesOptions(options);
  const { maxTtlMs, clock, extensions, criticalOptions } = settings;
  const permitted = [
    'clear',
    ...extensions,
    ...Object.entries(criticalOptions).map(([name, value]) => `${name}=${value}`),
  ].flatMap((option) => ['-O', option]);
  const keygen = () => ({
    program: settings.sshKeygen,
    caKey: typeof settings.caKey === 'string' ? settings.caKey : settings.caKey.bytes(),
  });

  return {
    kind: 'ssh-certificates',
    async inspect(request, signal) {
      signal.throwIfAborted();
      principalOf(request, settings);
      checkedPublicKey(request.parameters['publicKey']);
      return Promise.resolve({ maxTtlMs });
    },
    async issue(request, signal) {
      signal.throwIfAborted();
      const principal = principalOf(request, settings);
      const publicKey = checkedPublicKey(request.parameters['publicKey']);
      const nowMs = clock.wallNow();
      // To the second, and never later than the lease.
      const expiresAtMs = Math.floor((nowMs + Math.min(request.ttlMs, maxTtlMs)) / 1000) * 1000;
      if (expiresAtMs <= nowMs)
        throw new BackendError('invalid', 'a certificate lives for a second at least');
      const serial = randomBytes(8).readBigUInt64BE().toString();
      const validity = `${instant(nowMs - BACKDATED_MS)}:${instant(expiresAtMs)}`;
      const says = ['-I', keyId(request), '-n', principal, '-V', validity, '-z', serial, ...permitted];
      const certificate = await certify(keygen(), publicKey, says, signal);
      return { credential: { certificate: new Secret(certificate) }, expiresAtMs };
    },
    health: (signal) => tryKey(keygen(), signal),
  };
}
