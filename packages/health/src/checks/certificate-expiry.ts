import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { integer, type, type Rules } from '@holdfast/pipeline';
import { readRequired } from '../rules.ts';
import type { ExpirySource } from './expiry-check.ts';

/** What {@link certificateExpiry} takes. */
export interface CertificateExpiryOptions {
  /** A name or an address. */
  readonly host: string;
  /** 1 to 65,535. Default 443. */
  readonly port?: number | undefined;
  /** The name that is asked for. Default: the host, where it is a name. */
  readonly servername?: string | undefined;
}

const rules: Rules<CertificateExpiryOptions> = {
  host: type('string'),
  port: integer(1, 65_535),
  servername: type('string'),
};

/**
 * Tells when the certificate of a TLS server expires, for `expiryCheck`. It judges nothing else about it.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when the port is out of bounds
 *
 * @example
 * ```ts
 * import { certificateExpiry, expiryCheck } from '@holdfast/health';
 *
 * const check = expiryCheck({ expiresAtMs: certificateExpiry({ host: 'example.com' }), warnMs: 30 * 86_400_000 });
 * ```
 */
export function certificateExpiry(options: CertificateExpiryOptions): ExpirySource {
  const { host, port, servername } = readRequired('certificateExpiry', options, rules, { port: 443 }, [
    'host',
  ]);
  // RFC 6066, section 3: an address is no server name.
  const asked = servername ?? (isIP(host) === 0 ? host : '');
  return ({ signal }) =>
    new Promise((resolve, reject) => {
      // An expired certificate, or one of a private authority, has a date as well.
      const socket = connect({ host, port, servername: asked, rejectUnauthorized: false });
      const abort = () => socket.destroy(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      socket.once('close', () => signal.removeEventListener('abort', abort));
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        resolve(Date.parse(socket.getPeerCertificate().valid_to));
        socket.destroy();
      });
    });
}
