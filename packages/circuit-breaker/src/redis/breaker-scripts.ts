/** Reads opinions as the server's clock sees them now: `open` when a quorum of them has not lapsed. */
const VERDICT = `
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local function verdict(key, quorum)
  local entries = redis.call('HGETALL', key)
  local untilMs, lapsed = {}, {}
  for i = 1, #entries, 2 do
    local instant = tonumber(entries[i + 1])
    if instant > nowMs then untilMs[#untilMs + 1] = instant else lapsed[#lapsed + 1] = entries[i] end
  end
  table.sort(untilMs, function(a, b) return a > b end)
  local holds = untilMs[quorum]
  return { holds and 1 or 0, holds and holds - nowMs or 0 }, lapsed, untilMs[1]
end
`;

/** KEYS: opinions. ARGV: quorum. Answers: whether the verdict is open, for how many ms it holds. */
export const VERDICT_SCRIPT = `${VERDICT}
return (verdict(KEYS[1], tonumber(ARGV[1])))
`;

/** KEYS: opinions, lease. ARGV: quorum, instance, 1 if it finds the circuit open, ttl in ms. Answers like the verdict. */
export const REPORT_SCRIPT = `${VERDICT}
if ARGV[3] == '1' then
  redis.call('HSET', KEYS[1], ARGV[2], string.format('%d', nowMs + tonumber(ARGV[4])))
else
  redis.call('HDEL', KEYS[1], ARGV[2])
end
if redis.call('GET', KEYS[2]) == ARGV[2] then redis.call('DEL', KEYS[2]) end
local answer, lapsed, lastMs = verdict(KEYS[1], tonumber(ARGV[1]))
if #lapsed > 0 then redis.call('HDEL', KEYS[1], unpack(lapsed)) end
if lastMs then redis.call('PEXPIRE', KEYS[1], lastMs - nowMs) end
return answer
`;

/** KEYS: lease. ARGV: instance, lease in ms. Answers: 0 when it is the instance's, otherwise in how many ms to ask again. */
export const LEASE_SCRIPT = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return math.max(1, redis.call('PTTL', KEYS[1])) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 0
`;
