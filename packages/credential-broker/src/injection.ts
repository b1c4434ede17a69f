export { createForwardProxy, type ForwardProxy } from './injection/proxy/forward-proxy.ts';
export {
  forwardProxyDefaults,
  type ForwardProxyOptions,
  type ProxyLogin,
  type ProxyUser,
} from './injection/proxy/options.ts';
export { InjectionError, type InjectionReason } from './injection/injection-error.ts';
export type { Injection, InjectionRule } from './injection/injection-rule.ts';
export { createInjector, type InjectedRequest, type Injector } from './injection/injector.ts';
export { injectorDefaults, type InjectorOptions } from './injection/options.ts';
