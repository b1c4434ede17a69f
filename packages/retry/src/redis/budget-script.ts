/**
 * What several processes have saved up together, in a hash: `saved`, and `atMs`, when time was counted last.
 *
 * KEYS: the hash. ARGV: what the caller's calls have earned, what it wants, what flows in per second, the most that is saved.
 * Answers: how much it gets, as text. The key lapses when a new one would hold the same.
 */
export const BUDGET_SCRIPT = `
local earned, wanted = tonumber(ARGV[1]), tonumber(ARGV[2])
local perSecond, burst = tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', KEYS[1], 'saved', 'atMs')
local saved = tonumber(state[1]) or burst
local elapsedMs = math.max(0, nowMs - (tonumber(state[2]) or nowMs))
saved = math.min(burst, saved + earned + elapsedMs / 1000 * perSecond)
local granted = math.min(wanted, math.floor(saved + 1e-9))
redis.call('HSET', KEYS[1], 'saved', tostring(saved - granted), 'atMs', string.format('%d', nowMs))
redis.call('PEXPIRE', KEYS[1], 86400000)
return tostring(granted)
`;
