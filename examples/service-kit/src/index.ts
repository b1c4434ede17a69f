export { createAuthenticator, type Authenticator, type AuthenticatorOptions } from './auth/authenticator.ts';
export { memoryApiKeys, type ApiKeyRecord, type ApiKeyStore } from './auth/api-key-store.ts';
export { createApiKeys, type ApiKeys, type ApiKeysOptions, type IssuedApiKey } from './auth/api-keys.ts';
export { challenge, type Challenge, type ChallengeError } from './auth/challenge.ts';
export type { Identity } from './auth/identity.ts';
export { KeysUnavailableError, remoteKeys, type RemoteKeysOptions } from './auth/remote-keys.ts';
export { tokenIdentities, type Identities, type TokenIdentitiesOptions } from './auth/token-identities.ts';
export { ConfigError, type ConfigProblem } from './config/config-error.ts';
export { configHelp, configTable } from './config/describe-config.ts';
export { detectEnvironment, type Environment, type Variables } from './config/environment.ts';
export { loadConfig, type Config, type LoadConfigOptions } from './config/load-config.ts';
export { parse } from './config/parse.ts';
export type {
  ConfigOf,
  Declaration,
  Parser,
  PlainSetting,
  SecretSetting,
  Setting,
} from './config/setting.ts';
export type { Answer } from './http/answer.ts';
export { callerOf, type Call, type Route } from './http/call.ts';
export type { ClientLimitOptions } from './http/client-limit.ts';
export {
  ProblemError,
  PROBLEMS,
  type ProblemName,
  type ProblemOptions,
  type ProblemPart,
} from './http/problem.ts';
export { auditContextOf, currentRequest, type RequestContext } from './http/request-context.ts';
export type { ServiceOptions } from './http/service-options.ts';
export { createService, type Service } from './http/service.ts';
export { decideAccess, type AccessDecision } from './rbac/access-control.ts';
export { defineRoles, type RoleDecision, type Roles, type RoleTable } from './rbac/roles.ts';
export {
  createRouteTable,
  type Access,
  type Method,
  type RouteMatch,
  type RouteRule,
  type RouteTable,
} from './rbac/route-table.ts';
export type { AccessToken } from './stand-ins/connect-server/access-token.ts';
export {
  startConnectServer,
  type ConnectServer,
  type ConnectServerOptions,
} from './stand-ins/connect-server/connect-server.ts';
export type { ConnectStore, ConnectVault } from './stand-ins/connect-server/connect-store.ts';
export type { Fault } from './stand-ins/connect-server/fault.ts';
export type { ItemInput } from './stand-ins/connect-server/item-input.ts';
export type { OidcActivity } from './stand-ins/oidc-provider/oidc-activity.ts';
export type { OidcFault } from './stand-ins/oidc-provider/oidc-fault.ts';
export {
  startOidcProvider,
  type OidcProvider,
  type OidcProviderOptions,
  type OidcUser,
} from './stand-ins/oidc-provider/oidc-provider.ts';
export { DIRECTORY, type OidcFlavour } from './stand-ins/oidc-provider/quirks.ts';
export { FAULTS, startFaultProxy, type FaultProxy, type NetworkFault } from './stand-ins/fault-proxy.ts';
export {
  startOtlpSink,
  type OtlpQuery,
  type OtlpSink,
  type OtlpSinkOptions,
} from './stand-ins/otlp-sink/otlp-sink.ts';
export type { OtlpItem, Signal } from './stand-ins/otlp-sink/signals.ts';
