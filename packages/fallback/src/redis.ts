export { redisCacheStore, type RedisCacheStoreOptions } from './redis/redis-cache-store.ts';
