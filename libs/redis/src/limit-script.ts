/**
 * Answers any number of calls in one go, each for itself: all of a call's limits are spent from, or none.
 *
 * KEYS: one for each limit. ARGV: the time in ms, or '' for the clock of Redis, which all gateways share;
 * then for each call the number of its limits, and for each limit: algorithm, quota, window in ms, size
 * of the bucket, cost. Answers for each limit: remaining, resetMs, retryAfterMs.
 */
export const limitScript = /* lua */ `
local rounding = 1e-6
local slicesPerWindow = 32
local max, min, floor, ceil = math.max, math.min, math.floor, math.ceil

local function wholeMs(ms) return ceil(ms - rounding) end
local function text(number) return string.format('%.17g', number) end

local tokenBucket = {
  settle = function(key, p, now)
    local kept = redis.call('HMGET', key, 'tokens', 'at')
    local tokens, at = tonumber(kept[1]), tonumber(kept[2])
    if not tokens then return { tokens = p.size, at = now } end
    return { tokens = min(p.size, tokens + max(0, now - at) / p.interval), at = max(now, at) }
  end,
  waitMs = function(p, s, now)
    if p.cost > p.size then return p.window end
    return max(0, wholeMs((p.cost - s.tokens) * p.interval))
  end,
  spend = function(key, p, s, now)
    s.tokens = s.tokens - p.cost
    redis.call('HSET', key, 'tokens', text(s.tokens), 'at', text(s.at))
    redis.call('PEXPIRE', key, ceil((p.size - s.tokens) * p.interval) + 1000)
  end,
  view = function(p, s, now)
    local whole = floor(s.tokens + rounding)
    if s.tokens + rounding >= p.size then return whole, 0 end
    return max(0, whole), wholeMs((whole + 1 - s.tokens) * p.interval)
  end,
}

local leakyBucket = {
  settle = function(key, p, now)
    return { emptyAt = max(now, tonumber(redis.call('GET', key) or now)) }
  end,
  waitMs = function(p, s, now)
    if p.cost > p.size then return p.window end
    return max(0, wholeMs(s.emptyAt - now - (p.size - p.cost) * p.interval))
  end,
  spend = function(key, p, s, now)
    s.emptyAt = s.emptyAt + p.cost * p.interval
    redis.call('SET', key, text(s.emptyAt), 'PX', ceil(s.emptyAt - now) + 1000)
  end,
  view = function(p, s, now)
    local level = (s.emptyAt - now) / p.interval
    local remaining = max(0, floor(p.size - level + rounding))
    if level <= rounding then return remaining, 0 end
    return remaining, wholeMs((level - ceil(level - rounding) + 1) * p.interval)
  end,
}

local fixedWindow = {
  settle = function(key, p, now)
    local kept = redis.call('HMGET', key, 'start', 'spent')
    local start, spent = tonumber(kept[1]), tonumber(kept[2])
    if not start or now >= start + p.window then return { start = now, spent = 0 } end
    return { start = start, spent = spent }
  end,
  waitMs = function(p, s, now)
    if p.cost > p.quota then return p.window end
    if s.spent + p.cost <= p.quota then return 0 end
    return s.start + p.window - now
  end,
  spend = function(key, p, s, now)
    s.spent = s.spent + p.cost
    redis.call('HSET', key, 'start', text(s.start), 'spent', text(s.spent))
    redis.call('PEXPIRE', key, max(1, s.start + p.window - now) + 1000)
  end,
  view = function(p, s, now)
    if s.spent == 0 then return p.quota, 0 end
    return max(0, p.quota - s.spent), s.start + p.window - now
  end,
}

local slidingWindow = {
  settle = function(key, p, now)
    local s = { slices = {}, stale = {}, total = 0 }
    local kept = redis.call('HGETALL', key)
    for i = 1, #kept, 2 do
      local slice, spent = tonumber(kept[i]), tonumber(kept[i + 1])
      local leavesAt = (slice + 1) * p.window / slicesPerWindow + p.window
      if leavesAt > now then
        s.total = s.total + spent
        table.insert(s.slices, { leavesAt = leavesAt, spent = spent })
      else
        table.insert(s.stale, kept[i])
      end
    end
    table.sort(s.slices, function(a, b) return a.leavesAt < b.leavesAt end)
    return s
  end,
  waitMs = function(p, s, now)
    if p.cost > p.quota then return p.window end
    local total, wait = s.total + p.cost, 0
    for _, slice in ipairs(s.slices) do
      if total <= p.quota then break end
      total = total - slice.spent
      wait = wholeMs(slice.leavesAt - now)
    end
    return wait
  end,
  spend = function(key, p, s, now)
    if #s.stale > 0 then redis.call('HDEL', key, unpack(s.stale)) end
    local current = floor(now / (p.window / slicesPerWindow))
    redis.call('HINCRBY', key, text(current), p.cost)
    redis.call('PEXPIRE', key, ceil(p.window + p.window / slicesPerWindow) + 1000)
    s.total = s.total + p.cost
    if #s.slices == 0 then s.slices[1] = { leavesAt = (current + 1) * p.window / slicesPerWindow + p.window } end
  end,
  view = function(p, s, now)
    if #s.slices == 0 then return p.quota, 0 end
    return max(0, p.quota - s.total), min(p.window, wholeMs(s.slices[1].leavesAt - now))
  end,
}

local algorithms = {
  ['token-bucket'] = tokenBucket,
  ['leaky-bucket'] = leakyBucket,
  ['fixed-window'] = fixedWindow,
  ['sliding-window'] = slidingWindow,
}

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
end

local answer, at, limit = {}, 2, 0
while at <= #ARGV do
  local accounts, allowed = {}, true
  local count = tonumber(ARGV[at])
  at = at + 1
  for i = 1, count do
    limit = limit + 1
    local p = { quota = tonumber(ARGV[at + 1]), window = tonumber(ARGV[at + 2]), size = tonumber(ARGV[at + 3]), cost = tonumber(ARGV[at + 4]) }
    p.interval = p.window / p.quota
    local algorithm = algorithms[ARGV[at]]
    local state = algorithm.settle(KEYS[limit], p, now)
    local wait = algorithm.waitMs(p, state, now)
    if wait > 0 then allowed = false end
    accounts[i] = { key = KEYS[limit], policy = p, algorithm = algorithm, state = state, wait = wait }
    at = at + 5
  end
  for _, a in ipairs(accounts) do
    if allowed and a.policy.cost > 0 then a.algorithm.spend(a.key, a.policy, a.state, now) end
    local remaining, resetMs = a.algorithm.view(a.policy, a.state, now)
    table.insert(answer, remaining)
    table.insert(answer, resetMs)
    table.insert(answer, a.wait)
  end
end
return answer
`;
