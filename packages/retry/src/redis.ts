export { redisRetryBudget, type RedisRetryBudgetOptions } from './redis/redis-retry-budget.ts';
