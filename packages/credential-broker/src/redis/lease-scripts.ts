/** All scripts know the keys by these names. */
const KEYS = `
local TERMS, CHANGING, HANDLES, TOKENS, DUE, OVER, IDS, ACTIVE = unpack(KEYS)
local function read(id) return {redis.call('HGET', TERMS, id), redis.call('HGET', CHANGING, id)} end
`;

/** Ids are listed in the order of their bytes, tenant by tenant; neither holds a character 0. */
const MEMBER = `
local function member(tenant, id) return tenant .. '\\0' .. id end
`;

/** The scripts of {@link redisLeases}; each runs as one step. */
export const SCRIPTS = {
  insert: `${KEYS}${MEMBER}
    local id, terms, changing, tenant, kind = unpack(ARGV)
    local lease = cjson.decode(changing)
    if redis.call('HEXISTS', TERMS, id) == 1 then return 'id' end
    if lease.handleHash and redis.call('HEXISTS', HANDLES, lease.handleHash) == 1 then return 'handle' end
    if lease.tokenId and redis.call('HEXISTS', TOKENS, lease.tokenId) == 1 then return 'token' end
    redis.call('HSET', TERMS, id, terms)
    redis.call('HSET', CHANGING, id, changing)
    if lease.handleHash then redis.call('HSET', HANDLES, lease.handleHash, id) end
    if lease.tokenId then redis.call('HSET', TOKENS, lease.tokenId, id) end
    if lease.state == 'active' then
      redis.call('ZADD', DUE, lease.expiresAtMs, id)
      redis.call('ZADD', IDS, 0, member(tenant, id))
      redis.call('HINCRBY', ACTIVE, kind, 1)
    else
      redis.call('ZADD', OVER, lease.expiresAtMs, id)
    end
    return 'OK'`,

  find: `${KEYS}
    local by, value = unpack(ARGV)
    local id = value
    if by == 'handle' then id = redis.call('HGET', HANDLES, value) end
    if by == 'token' then id = redis.call('HGET', TOKENS, value) end
    if not id or redis.call('HEXISTS', TERMS, id) == 0 then return false end
    return read(id)`,

  change: `${KEYS}${MEMBER}
    local id, version, change, cleared = unpack(ARGV)
    local found = redis.call('HGET', CHANGING, id)
    if not found then return false end
    local lease = cjson.decode(found)
    if lease.version ~= version or lease.state ~= 'active' then return false end
    local before = {handleHash = lease.handleHash, tokenId = lease.tokenId}
    for name, value in pairs(cjson.decode(change)) do lease[name] = value end
    for name in string.gmatch(cleared, '[^,]+') do lease[name] = nil end
    local indexes = {{'handleHash', HANDLES, 'handle'}, {'tokenId', TOKENS, 'token'}}
    for _, index in ipairs(indexes) do
      local value = lease[index[1]]
      if value and value ~= before[index[1]] and redis.call('HEXISTS', index[2], value) == 1 then return index[3] end
    end
    for _, index in ipairs(indexes) do
      local value, old = lease[index[1]], before[index[1]]
      if old and old ~= value then redis.call('HDEL', index[2], old) end
      if value then redis.call('HSET', index[2], value, id) end
    end
    lease.version = string.format('%d', tonumber(version) + 1)
    redis.call('HSET', CHANGING, id, cjson.encode(lease))
    if lease.state == 'active' then
      redis.call('ZADD', DUE, lease.expiresAtMs, id)
    else
      local terms = cjson.decode(redis.call('HGET', TERMS, id))
      redis.call('ZREM', DUE, id)
      redis.call('ZREM', IDS, member(terms.tenant, id))
      redis.call('HINCRBY', ACTIVE, terms.resource.type, -1)
      redis.call('ZADD', OVER, lease.expiresAtMs, id)
    end
    return read(id)`,

  list: `${KEYS}${MEMBER}
    local tenant, after, limit = unpack(ARGV)
    local from = after == '' and '[' .. member(tenant, '') or '(' .. member(tenant, after)
    local members = redis.call('ZRANGEBYLEX', IDS, from, '(' .. tenant .. '\\1', 'LIMIT', 0, limit)
    local leases = {}
    for at, each in ipairs(members) do leases[at] = read(string.sub(each, #tenant + 2)) end
    return leases`,

  due: `${KEYS}
    local ids = redis.call('ZRANGEBYSCORE', DUE, '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
    for at, id in ipairs(ids) do ids[at] = read(id) end
    return ids`,

  forget: `${KEYS}
    local ids = redis.call('ZRANGEBYSCORE', OVER, '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
    for _, id in ipairs(ids) do
      local lease = cjson.decode(redis.call('HGET', CHANGING, id))
      if lease.handleHash then redis.call('HDEL', HANDLES, lease.handleHash) end
      if lease.tokenId then redis.call('HDEL', TOKENS, lease.tokenId) end
      redis.call('HDEL', TERMS, id)
      redis.call('HDEL', CHANGING, id)
      redis.call('ZREM', OVER, id)
    end
    return #ids`,

  active: `${KEYS}
    return redis.call('HGETALL', ACTIVE)`,
} as const;
