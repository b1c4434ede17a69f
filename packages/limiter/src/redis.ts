export { redisRateStore, type RedisRateStoreOptions } from './redis/redis-rate-store.ts';
