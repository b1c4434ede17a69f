import {
  having,
  integer,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import { tokenBucket, type RateRule } from '@holdfast/limiter';
import type { Approval } from '../approvals/approval.ts';
import type { ApprovalStore } from '../approvals/approval-store.ts';
import type { Backend } from '../backends/backend.ts';
import type { GuardOptions } from '../backends/guard/options.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import type { AccessPolicy } from '../policy/access-policy.ts';
import type { KeyRing } from '../tokens/keys/key-ring.ts';
import type { BrokerAudit } from './broker-audit.ts';
import type { Principal } from './principal.ts';

/** What a broker needs for `sealed` credentials. */
export interface BrokerTokens {
  /** The keys that sign tokens, and seal for those who name no key of their own. */
  readonly keys: KeyRing;
  /** Who issues them (`iss`), such as `https://broker.example`. */
  readonly issuer: string;
}

/** What {@link createBroker} takes. */
export interface BrokerOptions {
  /** Where credentials come from, by the name that references begin with: `op` for `op://prod/orders-db`. */
  readonly backends: Readonly<Record<string, Backend>>;
  /** Who may have what. */
  readonly policy: AccessPolicy;
  /** Where everything is written that is given and refused; `none` for a broker that nobody holds to account. */
  readonly audit: BrokerAudit | 'none';
  /** Where leases are kept. The broker closes it. Default: in memory. */
  readonly leases?: LeaseStore | undefined;
  /** Where approvals are kept. The broker closes it. Default: in memory. */
  readonly approvals?: ApprovalStore | undefined;
  /** Default: nothing is sealed. */
  readonly tokens?: BrokerTokens | undefined;
  /** How backends are guarded that are not guarded yet. Default: as {@link guardDefaults} say. */
  readonly guard?: GuardOptions | 'none' | undefined;
  /** How often each principal may ask. Default: 600 a minute. */
  readonly limit?: RateRule | 'none' | undefined;
  /** Who may decide on what others ask for, besides not being one of them. Default: users. */
  readonly mayApprove?: ((approver: Principal, approval: Approval) => boolean) | undefined;
  /** Who may end and look at the leases of others of its tenant. Default: nobody. */
  readonly isOperator?: ((principal: Principal) => boolean) | undefined;
  /** How long an approval is waited for, and then good for, in milliseconds. 1,000 to 604,800,000. Default 900,000. */
  readonly approvalMs?: number | undefined;
  /** How long the audit log may take, in milliseconds. 1 to 60,000. Default 1,000. */
  readonly auditTimeoutMs?: number | undefined;
  /** How long the stores may take, in milliseconds. 1 to 60,000. Default 5,000. */
  readonly storeTimeoutMs?: number | undefined;
  /** How long a backend may take, all attempts of its guard together, in milliseconds. 1 to 300,000. Default 15,000. */
  readonly backendTimeoutMs?: number | undefined;
  /** For how long leases are kept after their end, in milliseconds. 0 to 604,800,000. Default 3,600,000. */
  readonly keepMs?: number | undefined;
  /** Hears of listeners that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const WEEK_MS = 604_800_000;

/** What a broker does unless told otherwise. */
export const brokerDefaults = {
  limit: tokenBucket({ limit: 600, windowMs: 60_000 }) as RateRule | 'none',
  mayApprove: ({ type }: Principal, _approval: Approval): boolean => type === 'user',
  isOperator: (_principal: Principal): boolean => false,
  approvalMs: 900_000,
  auditTimeoutMs: 1_000,
  storeTimeoutMs: 5_000,
  backendTimeoutMs: 15_000,
  keepMs: 3_600_000,
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} satisfies Partial<BrokerOptions>;

const orNone =
  (rule: Rule): Rule =>
  (value) => {
    const broken = value === 'none' ? undefined : rule(value);
    return broken && `${broken}, or "none"`;
  };

const SCHEME = /^[a-z][a-z0-9+.-]{0,31}$/;
const isBackend = having('inspect', 'issue', 'health');

const backends: Rule = (value) => {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) return 'must be an object with at least one backend';
  const wrong = entries.find(([scheme, backend]) => !SCHEME.test(scheme) || isBackend(backend) !== undefined);
  return wrong && `must have backends under names such as op: ${JSON.stringify(wrong[0])} is not`;
};

const tokens: Rule = (value) => {
  const { keys, issuer } = Object(value) as Partial<BrokerTokens>;
  const good =
    having('signer', 'sealer', 'find')(keys) === undefined && typeof issuer === 'string' && issuer !== '';
  return good ? undefined : 'must be an object with keys and an issuer';
};

const rules: Rules<BrokerOptions> = {
  backends,
  policy: having('decide'),
  audit: orNone(having('append')),
  leases: having('insert', 'find', 'change', 'list', 'due', 'forget', 'active', 'close'),
  approvals: having('insert', 'find', 'findPending', 'change', 'list', 'forget', 'close'),
  tokens,
  guard: orNone(type('object')),
  limit: orNone(having('start')),
  mayApprove: type('function'),
  isOperator: type('function'),
  approvalMs: integer(1_000, WEEK_MS),
  auditTimeoutMs: integer(1, 60_000),
  storeTimeoutMs: integer(1, 60_000),
  backendTimeoutMs: integer(1, 300_000),
  keepMs: integer(0, WEEK_MS),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** Options as {@link createBroker} works with them. */
export type BrokerSettings = Readonly<BrokerOptions & typeof brokerDefaults>;

/** Checks options and fills in the defaults. */
export function readBrokerOptions(options: BrokerOptions): BrokerSettings {
  const settings = readOptions('createBroker', options, rules, brokerDefaults);
  for (const name of ['backends', 'policy', 'audit'] as const) {
    if (settings[name] === undefined) throw new TypeError(`createBroker: ${name} must be given`);
  }
  return settings;
}
