export type { AccessToken } from './stand-ins/connect-server/access-token.ts';
export {
  startConnectServer,
  type ConnectServer,
  type ConnectServerOptions,
} from './stand-ins/connect-server/connect-server.ts';
export type { ConnectStore, ConnectVault } from './stand-ins/connect-server/connect-store.ts';
export type { Fault } from './stand-ins/connect-server/fault.ts';
export type { ItemInput } from './stand-ins/connect-server/item-input.ts';
