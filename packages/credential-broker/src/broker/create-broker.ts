import { ApprovalDesk } from '../approvals/approval-desk.ts';
import { attenuate } from './attenuate.ts';
import type { Broker } from './broker.ts';
import { BrokerCore } from './broker-core.ts';
import { introspect } from './introspect.ts';
import { issue, toAccessRequest } from './issue.ts';
import { readBrokerOptions, type BrokerOptions } from './options.ts';
import { readRequest } from './read-request.ts';
import { redeem, withSecret } from './redeem.ts';
import { renew } from './renew.ts';
import { revoke } from './revoke.ts';

/**
 * Makes a broker: it gives out credentials that are short-lived, narrow, accounted for and taken back.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createBroker, definePolicy, type Backend, type Principal } from '@holdfast/credential-broker';
 *
 * async function run(vault: Backend, agent: Principal, worker: Principal) {
 *   const broker = createBroker({
 *     backends: { vault },
 *     policy: definePolicy({ rules: [{ id: 'orders', tenants: ['acme'], refs: ['vault://orders/*'] }] }),
 *     audit: 'none',
 *   });
 *   const grant = await broker.issue({
 *     principal: agent,
 *     resource: { type: 'database', ref: 'vault://orders/db' },
 *     redeemer: worker.id,
 *   });
 *   // The agent hands the handle to the worker, and never sees the password.
 *   await broker.withSecret(grant.handle ?? '', worker, ({ password }) => console.log(password));
 * }
 * ```
 */
export function createBroker(options: BrokerOptions): Broker {
  const settings = readBrokerOptions(options);
  const core = new BrokerCore(settings);
  const approvals = new ApprovalDesk(core);
  const startMs = settings.clock.now();
  // What a process before this one left is ended as well.
  void core.sweeper.sweep();
  return {
    issue: (request) => issue(core, approvals, request),
    redeem: (handle, redeemer) => redeem(core, handle, redeemer),
    withSecret: (handle, redeemer, use, check) => withSecret(core, handle, redeemer, use, check),
    renew: (leaseId, principal, ttlSeconds) => renew(core, leaseId, principal, ttlSeconds),
    revoke: (what, principal) => revoke(core, what, principal),
    attenuate: (handle, principal, narrowing) => attenuate(core, handle, principal, narrowing),
    introspect: (token, caller) => introspect(core, token, caller),
    explain: (request) => settings.policy.decide(toAccessRequest(readRequest('explain', request))),
    snapshot: () => core.counts.snapshot(core.now(), settings.clock.now() - startMs),
    stats: () => core.counts.stats(),
    health: () => core.backends.health(),
    approvals,
    on: (type, listener) => core.emitter.on(type, listener),
    subscribe: (listener) => core.emitter.subscribe(listener),
    get closed() {
      return core.closed;
    },
    close: () => core.close(),
  };
}
