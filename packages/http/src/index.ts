export type { BodyFailedEvent, FetchEvent } from './fetch/events.ts';
export { createFetch, type Fetch, type FetchStats, type GuardedFetch } from './fetch/create-fetch.ts';
export { fetchDefaults, type FetchOptions } from './fetch/options.ts';
export { statusOutcome, isTransientStatus } from './fetch/status.ts';
