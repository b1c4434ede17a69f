export { createEgress, type Egress, type EgressCheckOptions, type EgressInit } from './egress/egress.ts';
export { EgressError, type EgressReason } from './egress/egress-error.ts';
export type { EgressOptions } from './egress/options.ts';
export type { ResolveHost } from './egress/resolve-host.ts';
