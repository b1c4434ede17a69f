import { connect } from 'node:net';
import { integer, type } from '@holdfast/pipeline';
import type { CheckOverrides, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';
import { slowDefaults, slowRules, timed, type SlowOptions } from './slow.ts';

/** What {@link tcpCheck} takes. */
export interface TcpCheckOptions extends CheckOverrides, SlowOptions {
  /** A name or an address. */
  readonly host: string;
  /** 1 to 65,535. */
  readonly port: number;
}

/**
 * Opens a TCP connection and closes it. Its name is `tcp` unless told otherwise.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { tcpCheck } from '@holdfast/health';
 *
 * const check = tcpCheck({ name: 'smtp', host: 'mail.internal', port: 25 });
 * ```
 */
export function tcpCheck(options: TcpCheckOptions): HealthCheck {
  return defineCheck(
    {
      owner: 'tcpCheck',
      options,
      rules: { ...slowRules, host: type('string'), port: integer(1, 65_535) },
      defaults: { ...slowDefaults, name: 'tcp' },
      required: ['host', 'port'],
    },
    (settings, { signal }) => timed(settings, () => reach(settings.host, settings.port, signal)),
  );
}

function reach(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
