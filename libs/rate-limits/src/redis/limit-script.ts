/**
 * Answers any number of calls in one go, each for itself: all of a call's limits are spent from, or none. Each
 * budget is read once and written once, however many calls of the batch spend from it.
 *
 * KEYS: those of the leases that end, then one for each limit.
 * ARGV: the time in ms, or '' for the clock of Redis, which all gateways share; the number of leases that end, and
 * their ids; then for each call the number of its limits and the id of the lease it would take, and for each limit
 * its text: letter of the algorithm, quota, window in ms, size of the bucket, cost, longest delay in ms, and 0, or
 * 1 for a shadow, or 2 for what was spent already and is only to be counted. With 2 and a negative cost follows the
 * time at which the same was counted: a window that has passed since gives nothing back to the one that runs.
 * Answers for each limit: remaining, resetMs, retryAfterMs, delayMs. Last comes the time at which it was counted.
 */
export const limitScript = /* lua */ `
local rounding = 1e-6
local slicesPerWindow = 32
local retryConcurrencyMs = 1000
local max, min, floor, ceil = math.max, math.min, math.floor, math.ceil
local enforced, shadow, forced = 0, 1, 2

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + floor(time[2] / 1000)
end

local function wholeMs(ms) return ceil(ms - rounding) end

local tokenBucket = {
  open = function(p) return { p.size, now } end,
  settle = function(p, s)
    if now <= s[2] then return end
    s[1] = min(p.size, s[1] + (now - s[2]) / p.interval)
    s[2] = now
  end,
  waitMs = function(p, s)
    if p.cost > p.size then return p.window end
    return max(0, wholeMs((p.cost - s[1]) * p.interval))
  end,
  spend = function(p, s) s[1] = s[1] - p.cost end,
  view = function(p, s)
    local whole = floor(s[1] + rounding)
    if s[1] + rounding >= p.size then return whole, 0 end
    return max(0, whole), wholeMs((whole + 1 - s[1]) * p.interval)
  end,
  keepMs = function(p, s) return ceil(max(0, p.size - s[1]) * p.interval) end,
}

local function turnInMs(p, s) return max(0, wholeMs((s[1] + p.cost - p.size) * p.interval)) end

local leakyBucket = {
  open = function(p) return { 0, now } end,
  settle = function(p, s)
    if now <= s[2] then return end
    s[1] = max(0, s[1] - (now - s[2]) / p.interval)
    s[2] = now
  end,
  waitMs = function(p, s)
    if p.cost > p.size then return p.window end
    return max(0, turnInMs(p, s) - p.maxDelay)
  end,
  delayMs = turnInMs,
  spend = function(p, s) s[1] = max(0, s[1] + p.cost) end,
  view = function(p, s)
    local room = p.size + p.maxDelay / p.interval - s[1]
    local remaining = floor(room + rounding)
    if s[1] <= rounding then return max(0, remaining), 0 end
    return max(0, remaining), wholeMs(min(s[1], remaining + 1 - room) * p.interval)
  end,
  keepMs = function(p, s) return ceil(s[1] * p.interval) end,
}

local fixedWindow = {
  open = function(p) return { now, 0 } end,
  settle = function(p, s)
    if now >= s[1] + p.window then s[2] = 0 end
    if s[2] == 0 or now < s[1] then s[1] = now end
  end,
  waitMs = function(p, s)
    if p.cost > p.quota then return p.window end
    if s[2] + p.cost <= p.quota then return 0 end
    return s[1] + p.window - now
  end,
  spend = function(p, s)
    if p.cost < 0 and p.countedAt < s[1] then return end
    s[2] = max(0, s[2] + p.cost)
  end,
  view = function(p, s)
    if s[2] == 0 then return p.quota, 0 end
    return max(0, p.quota - s[2]), s[1] + p.window - now
  end,
  keepMs = function(p, s) return s[1] + p.window - now end,
}

-- The oldest slice, then what was spent in it and in those after it.
local function leavesAt(p, slice) return (slice + 1) * p.window / slicesPerWindow + p.window end
local function sliceAt(p, time) return floor(time / (p.window / slicesPerWindow)) end
local function total(s)
  local sum = 0
  for i = 2, #s do sum = sum + s[i] end
  return sum
end

local slidingWindow = {
  open = function(p) return { 0 } end,
  settle = function(p, s)
    local gone = 0
    while gone < #s - 1 and (s[gone + 2] == 0 or leavesAt(p, s[1] + gone) <= now) do gone = gone + 1 end
    if gone == 0 then return end
    local count = #s
    s[1] = s[1] + gone
    for i = 2, count do s[i] = s[i + gone] end
  end,
  waitMs = function(p, s)
    if p.cost > p.quota then return p.window end
    local spent, wait, i = total(s) + p.cost, 0, 2
    while spent > p.quota and i <= #s do
      spent = spent - s[i]
      if s[i] > 0 then wait = wholeMs(leavesAt(p, s[1] + i - 2) - now) end
      i = i + 1
    end
    return wait
  end,
  spend = function(p, s)
    if p.cost < 0 then
      local i = sliceAt(p, p.countedAt) - s[1] + 2
      if i >= 2 and i <= #s then s[i] = max(0, s[i] + p.cost) end
      return
    end
    local slice = sliceAt(p, now)
    if #s == 1 then s[1] = slice end
    local i = max(0, slice - s[1]) + 2
    while #s < i do s[#s + 1] = 0 end
    s[i] = max(0, s[i] + p.cost)
  end,
  view = function(p, s)
    if #s == 1 then return p.quota, 0 end
    return max(0, p.quota - total(s)), min(p.window, wholeMs(leavesAt(p, s[1]) - now))
  end,
  keepMs = function(p, s) return ceil(p.window + p.window / slicesPerWindow) end,
}

-- Leases by the time at which they end unless they are renewed.
local concurrency = {
  load = function(p, key)
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
    return { redis.call('ZCARD', key) }
  end,
  settle = function(p, s) end,
  waitMs = function(p, s)
    if p.cost == 0 or s[1] < p.quota then return 0 end
    return retryConcurrencyMs
  end,
  spend = function(p, s, key, lease)
    redis.call('ZADD', key, now + p.window, lease)
    redis.call('PEXPIRE', key, p.window + 1000)
    s[1] = s[1] + 1
  end,
  view = function(p, s)
    return max(0, p.quota - s[1]), s[1] == 0 and 0 or retryConcurrencyMs
  end,
}

local algorithms = { t = tokenBucket, l = leakyBucket, f = fixedWindow, s = slidingWindow, c = concurrency }

local policies = {}
local function policyOf(text)
  local p = policies[text]
  if p then return p end
  local letter, quota, window, size, cost, maxDelay, mode, countedAt =
    string.match(text, '^(%a) (%S+) (%S+) (%S+) (%S+) (%S+) (%d) ?(%d*)$')
  p = {
    algorithm = algorithms[letter], quota = tonumber(quota), window = tonumber(window), size = tonumber(size),
    cost = tonumber(cost), maxDelay = tonumber(maxDelay), mode = tonumber(mode),
    countedAt = tonumber(countedAt) or now,
  }
  p.interval = p.window / p.quota
  policies[text] = p
  return p
end

local ended = tonumber(ARGV[2])
for i = 1, ended do redis.call('ZREM', KEYS[i], ARGV[2 + i]) end

local kept = #KEYS > ended and redis.call('MGET', unpack(KEYS, ended + 1)) or {}
local states, changed = {}, {}

local function stateOf(index, p)
  local key = KEYS[ended + index]
  local s = states[key]
  if not s then
    if p.algorithm.load then s = p.algorithm.load(p, key)
    elseif kept[index] then s = cmsgpack.unpack(kept[index])
    else s = p.algorithm.open(p) end
    states[key] = s
  end
  p.algorithm.settle(p, s)
  return s, key
end

local answer, at, limit = {}, 3 + ended, 0
while at <= #ARGV do
  local count, lease = tonumber(ARGV[at]), ARGV[at + 1]
  at = at + 1
  local waits, allowed = {}, true
  for i = 1, count do
    local p = policyOf(ARGV[at + i])
    local wait = p.mode == forced and 0 or p.algorithm.waitMs(p, (stateOf(limit + i, p)))
    if wait > 0 and p.mode == enforced then allowed = false end
    waits[i] = wait
  end
  for i = 1, count do
    local p = policyOf(ARGV[at + i])
    local s, key = stateOf(limit + i, p)
    local delay = 0
    if waits[i] == 0 then
      if p.algorithm.delayMs then delay = p.algorithm.delayMs(p, s) end
      if allowed and p.cost ~= 0 then
        p.algorithm.spend(p, s, key, lease)
        if p.algorithm.keepMs then changed[key] = p end
      end
    end
    local n = #answer
    answer[n + 1], answer[n + 2] = p.algorithm.view(p, s)
    answer[n + 3], answer[n + 4] = waits[i], delay
  end
  at = at + count + 1
  limit = limit + count
end

for key, p in pairs(changed) do
  local s = states[key]
  redis.call('SET', key, cmsgpack.pack(s), 'PX', max(1, p.algorithm.keepMs(p, s)) + 1000)
end
answer[#answer + 1] = now
return answer
`;

/** Makes leases live on. KEYS: theirs. ARGV: the time or '', as above; then for each its id and its length in ms. */
export const renewScript = /* lua */ `
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
for i, key in ipairs(KEYS) do
  local lease, window = ARGV[2 * i], tonumber(ARGV[2 * i + 1])
  redis.call('ZADD', key, now + window, lease)
  redis.call('PEXPIRE', key, window + 1000)
end
return #KEYS
`;
