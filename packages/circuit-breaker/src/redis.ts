export { redisBreakerStore, type RedisBreakerStoreOptions } from './redis/redis-breaker-store.ts';
