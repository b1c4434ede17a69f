export { redisLeases, type RedisLeasesOptions } from './redis/redis-leases.ts';
export { redisRefreshLock, type RedisRefreshLockOptions } from './redis/redis-refresh-lock.ts';
