import {
  having,
  integer,
  readOptions,
  systemClock,
  type as typeRule,
  type Clock,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import { Secret } from '../../secret/secret.ts';

/** What {@link sshCertificates} takes. */
export interface SshCertificatesOptions {
  /** The private key of the authority, without a passphrase, or the file that it is in. */
  readonly caKey: Secret | string;
  /** The names that certificates may be made for: users of the machines. At least one. */
  readonly principals: readonly string[];
  /** The longest life of a certificate, in milliseconds: 1,000 to 86,400,000. Default 900,000. */
  readonly maxTtlMs?: number | undefined;
  /** What is restricted in every certificate, e.g. `{ 'source-address': '10.0.0.0/8' }`. Default nothing. */
  readonly criticalOptions?:
    Readonly<Partial<Record<'force-command' | 'source-address', string>>> | undefined;
  /** What is permitted besides running a command. Default `['permit-pty']`. */
  readonly extensions?: readonly SshExtension[] | undefined;
  /** The program. Default `ssh-keygen`. */
  readonly sshKeygen?: string | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const EXTENSIONS = [
  'permit-pty',
  'permit-agent-forwarding',
  'permit-port-forwarding',
  'permit-user-rc',
  'permit-X11-forwarding',
] as const;

/** What a certificate may permit. */
export type SshExtension = (typeof EXTENSIONS)[number];

/** What {@link sshCertificates} does unless told otherwise. */
export const sshCertificatesDefaults = {
  maxTtlMs: 900_000,
  criticalOptions: {} as NonNullable<SshCertificatesOptions['criticalOptions']>,
  extensions: ['permit-pty'] as readonly SshExtension[],
  sshKeygen: 'ssh-keygen',
  clock: systemClock,
} satisfies Partial<SshCertificatesOptions>;

/** Names of users; none that ssh-keygen takes for an option or a list. */
const PRINCIPAL = /^[A-Za-z_][\w.@-]{0,63}$/;
const CRITICAL = /^[\x20-\x7e]{1,512}$/;

const listOf =
  (isOne: (value: unknown) => boolean, what: string, min: number): Rule =>
  (value) =>
    Array.isArray(value) && value.length >= min && value.every(isOne) ? undefined : `must be ${what}`;

const critical: Rule = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(
    ([name, text]) => ['force-command', 'source-address'].includes(name) && CRITICAL.test(String(text)),
  )
    ? undefined
    : 'must be an object of force-command and source-address';

const rules: Rules<SshCertificatesOptions> = {
  caKey: (value) =>
    value instanceof Secret || typeof value === 'string' ? undefined : 'must be a Secret or a file',
  principals: listOf(
    (value) => typeof value === 'string' && PRINCIPAL.test(value),
    'names of users, at least one',
    1,
  ),
  maxTtlMs: integer(1_000, 86_400_000),
  criticalOptions: critical,
  extensions: listOf(
    (value) => EXTENSIONS.some((each) => each === value),
    `some of ${EXTENSIONS.join(', ')}`,
    0,
  ),
  sshKeygen: typeRule('string'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** Options as {@link sshCertificates} works with them. */
export type SshCertificatesSettings = Readonly<SshCertificatesOptions & typeof sshCertificatesDefaults>;

/** Checks options and fills in the defaults. */
export function readSshCertificatesOptions(options: SshCertificatesOptions): SshCertificatesSettings {
  const settings = readOptions('sshCertificates', options, rules, sshCertificatesDefaults);
  for (const name of ['caKey', 'principals'] as const) {
    if (settings[name] === undefined) throw new TypeError(`sshCertificates: ${name} must be given`);
  }
  return settings;
}
