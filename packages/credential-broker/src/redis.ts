export { redisLeases, type RedisLeasesOptions } from './redis/redis-leases.ts';
