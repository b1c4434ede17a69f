import {
  createBroker,
  definePolicy,
  fileLeases,
  memoryApprovals,
  memoryLeases,
  watchPolicy,
  type AccessPolicy,
  type Approval,
  type ApprovalStore,
  type Broker,
  type BrokerAudit,
  type BrokerEvent,
  type BrokerOptions,
  type Credential,
  type CredentialRequest,
  type LeaseStore,
  type PolicyRule,
  type Principal,
} from '@holdfast/credential-broker';
import type { AuditLog } from '@holdfast/audit';
import type { ObservedBroker } from '@holdfast/metrics';
import { expectTypeOf, test } from 'vitest';

declare const options: BrokerOptions;
declare const broker: Broker;
declare const principal: Principal;

test('a broker wants backends, a policy and a word on its audit log', () => {
  expectTypeOf(createBroker).returns.toEqualTypeOf<Broker>();
  // @ts-expect-error an audit log is left out on purpose or not at all
  createBroker({ backends: options.backends, policy: options.policy });
  expectTypeOf<AuditLog>().toExtend<BrokerAudit>();
  expectTypeOf(broker).toExtend<ObservedBroker>();
});

test('a request says who asks and for what', () => {
  expectTypeOf<Pick<CredentialRequest, 'principal' | 'resource'>>().toExtend<CredentialRequest>();
  expectTypeOf<CredentialRequest['mode']>().toEqualTypeOf<
    'reference' | 'sealed' | 'injected' | 'disclose' | undefined
  >();
});

test('what is done with a secret gives its result', () => {
  expectTypeOf(
    broker.withSecret('hf_', principal, ({ password }) => password?.reveal()),
  ).resolves.toEqualTypeOf<string | undefined>();
  expectTypeOf<Parameters<Parameters<Broker['withSecret']>[2]>[0]>().toEqualTypeOf<Credential>();
});

test('events are told apart by type', () => {
  broker.on('ended', (event) => expectTypeOf(event.reason).toEqualTypeOf<'revoked' | 'expired'>());
  // @ts-expect-error there is no such event
  broker.on('leaked', () => {});
  expectTypeOf<Extract<BrokerEvent, { type: 'approval' }>['state']>().toEqualTypeOf<
    Exclude<Approval['state'], 'expired'>
  >();
});

test('policies of every make decide', () => {
  expectTypeOf(definePolicy({ rules: [] })).toExtend<AccessPolicy>();
  expectTypeOf(watchPolicy).returns.resolves.toExtend<AccessPolicy>();
  // @ts-expect-error a rule names its tenants
  expectTypeOf({ id: 'a', refs: ['**'] }).toExtend<PolicyRule>();
});

test('stores are behind one interface each', () => {
  expectTypeOf(memoryLeases).returns.toEqualTypeOf<LeaseStore>();
  expectTypeOf(fileLeases).returns.resolves.toEqualTypeOf<LeaseStore>();
  expectTypeOf(memoryApprovals).returns.toEqualTypeOf<ApprovalStore>();
});
