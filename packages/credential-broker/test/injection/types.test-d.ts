import type { Broker, Principal, Redactor } from '@holdfast/credential-broker';
import type { Egress } from '@holdfast/credential-broker/egress';
import {
  createForwardProxy,
  createInjector,
  type Injection,
  type InjectionError,
  type Injector,
} from '@holdfast/credential-broker/injection';
import { expectTypeOf } from 'vitest';

declare const broker: Broker;
declare const egress: Egress;
declare const redactor: Redactor;
declare const agent: Principal;
declare const error: InjectionError;

const injector = createInjector({ broker, egress, redactor, rules: [] });
expectTypeOf(injector).toEqualTypeOf<Injector>();
expectTypeOf(injector.fetch('', agent, { url: '' })).toEqualTypeOf<Promise<Response>>();
// @ts-expect-error: what is done with secrets is for the injector alone
createInjector({ egress, redactor, rules: [] });
// @ts-expect-error: a path is no place for a secret
expectTypeOf<{ into: 'path'; name: string; template: string }>().toExtend<Injection>();
// @ts-expect-error: a header field has a name
expectTypeOf<{ into: 'header'; template: string }>().toExtend<Injection>();
expectTypeOf(error.reason).toEqualTypeOf<'request' | 'denied' | 'credential' | 'response'>();

createForwardProxy({
  injector,
  authenticate: async (_, login) => login && { principal: agent, handle: login.password },
});
// @ts-expect-error: a proxy that asks nobody who they are
createForwardProxy({ injector });
