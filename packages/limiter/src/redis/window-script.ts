/**
 * The sliding window of a key, kept in a hash of slots: what passed in each, by the server's own clock. A slot counts in
 * full until the window has left all of it behind, so no window holds more than the limit.
 *
 * KEYS: the hash. ARGV: limit, window in ms, slots, least cost to take, cost wished for, 1 to take it whether or not there is
 * enough. A negative cost is given back, newest slots first.
 * Answers: cost taken, ms until the slot ends, ms to wait if nothing was taken (-1: for ever).
 */
export const WINDOW_SCRIPT = `
local limit, windowMs, slots = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local least, wished, force = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1'
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + time[2] / 1000
local slotMs = windowMs / slots
local slot = math.floor(nowMs / slotMs)
local entries = redis.call('HGETALL', KEYS[1])
local seen, used = {}, 0
for i = 1, #entries, 2 do
  local number, cost = tonumber(entries[i]), tonumber(entries[i + 1])
  if number < slot - slots then
    redis.call('HDEL', KEYS[1], entries[i])
  else
    seen[#seen + 1] = { number = number, field = entries[i], cost = cost }
    used = used + cost
  end
end
local endsInMs = math.ceil((slot + 1) * slotMs - nowMs)
if wished < 0 then
  local rest = -wished
  table.sort(seen, function(a, b) return a.number > b.number end)
  for _, entry in ipairs(seen) do
    local given = math.min(rest, entry.cost)
    redis.call('HINCRBYFLOAT', KEYS[1], entry.field, tostring(-given))
    rest = rest - given
  end
  return { 0, endsInMs, 0 }
end
local left = limit - used
if not force and left < least then
  if least > limit then return { 0, endsInMs, -1 } end
  local missing = least - left
  table.sort(seen, function(a, b) return a.number < b.number end)
  for _, entry in ipairs(seen) do
    missing = missing - entry.cost
    if missing <= 0 then
      return { 0, endsInMs, math.max(1, math.ceil((entry.number + slots + 1) * slotMs - nowMs)) }
    end
  end
  return { 0, endsInMs, math.ceil(windowMs) }
end
local taken = force and wished or math.min(wished, left)
redis.call('HINCRBYFLOAT', KEYS[1], string.format('%d', slot), tostring(taken))
redis.call('PEXPIRE', KEYS[1], math.ceil(windowMs + 2 * slotMs))
return { tostring(taken), endsInMs, 0 }
`;
