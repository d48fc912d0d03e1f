import type { Limit, LimitPolicy } from './rate-limiter.js';

/** What a model says about one limit before anything is spent. */
interface Verdict {
  readonly waitMs: number;
  readonly delayMs: number;
}

/** One budget, counted in the plainest way there is: in whole numbers, from the beginning, however slow. */
interface Budget {
  verdict(now: number, cost: number): Verdict;
  spend(now: number, cost: number): void;
  remaining(now: number): number;
}

const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

/** Tokens in parts of a window: `quota` parts come in each millisecond, and a token is `windowMs` parts. */
function tokens({ quota, windowMs, burst = quota }: LimitPolicy): Budget {
  let parts = burst * windowMs;
  let at: number | undefined;
  const flow = (now: number) => {
    parts = Math.min(burst * windowMs, parts + (now - (at ?? now)) * quota);
    at = now;
  };
  return {
    verdict(now, cost) {
      flow(now);
      if (cost > burst) return { waitMs: windowMs, delayMs: 0 };
      return { waitMs: Math.max(0, ceilDiv(cost * windowMs - parts, quota)), delayMs: 0 };
    },
    spend(_now, cost) {
      parts -= cost * windowMs;
    },
    remaining: () => Math.floor(parts / windowMs),
  };
}

/** What is in the bucket, in the same parts: `quota` of them leak out each millisecond. */
function leak({ quota, windowMs, burst = quota, maxDelayMs = 0 }: LimitPolicy): Budget {
  let parts = 0;
  let at: number | undefined;
  const flow = (now: number) => {
    parts = Math.max(0, parts - (now - (at ?? now)) * quota);
    at = now;
  };
  return {
    verdict(now, cost) {
      flow(now);
      if (cost > burst) return { waitMs: windowMs, delayMs: 0 };
      const turnInMs = Math.max(0, ceilDiv(parts + (cost - burst) * windowMs, quota));
      return turnInMs > maxDelayMs ? { waitMs: turnInMs - maxDelayMs, delayMs: 0 } : { waitMs: 0, delayMs: turnInMs };
    },
    spend(_now, cost) {
      parts += cost * windowMs;
    },
    remaining: () => Math.max(0, Math.floor((burst * windowMs + maxDelayMs * quota - parts) / windowMs)),
  };
}

function fixed({ quota, windowMs }: LimitPolicy): Budget {
  let opened = -Infinity;
  let spent = 0;
  const flow = (now: number) => {
    if (now >= opened + windowMs) spent = 0;
  };
  return {
    verdict(now, cost) {
      flow(now);
      if (cost > quota) return { waitMs: windowMs, delayMs: 0 };
      return { waitMs: spent + cost <= quota ? 0 : opened + windowMs - now, delayMs: 0 };
    },
    spend(now, cost) {
      if (spent === 0) opened = now;
      spent += cost;
    },
    remaining: () => quota - spent,
  };
}

/** Everything that was ever spent; each counts until the end of its thirty-second has left the window. */
function sliding({ quota, windowMs }: LimitPolicy): Budget {
  const log: { leavesAt32: number; cost: number }[] = [];
  const counting = (now: number) => log.filter(({ leavesAt32 }) => leavesAt32 > 32 * now);
  const sum = (entries: readonly { cost: number }[]) => entries.reduce((total, { cost }) => total + cost, 0);
  return {
    verdict(now, cost) {
      if (cost > quota) return { waitMs: windowMs, delayMs: 0 };
      let waitMs = 0;
      while (sum(counting(now + waitMs)) + cost > quota) {
        waitMs = Math.min(...counting(now + waitMs).map(({ leavesAt32 }) => ceilDiv(leavesAt32, 32))) - now;
      }
      return { waitMs, delayMs: 0 };
    },
    spend(now, cost) {
      log.push({ leavesAt32: (Math.floor((32 * now) / windowMs) + 1) * windowMs + 32 * windowMs, cost });
    },
    remaining: (now) => quota - sum(counting(now)),
  };
}

function running({ quota }: LimitPolicy): Budget & { end(): void } {
  let count = 0;
  return {
    verdict: (_now, cost) => ({ waitMs: cost === 0 || count < quota ? 0 : 1_000, delayMs: 0 }),
    spend: () => void count++,
    remaining: () => quota - count,
    end: () => void count--,
  };
}

const models = {
  'token-bucket': tokens,
  'leaky-bucket': leak,
  'fixed-window': fixed,
  'sliding-window': sliding,
  concurrency: running,
};

/** What every RateLimiter should say, found out the slow way. */
export class LimitModel {
  private readonly budgets = new Map<string, Budget>();

  take(limits: readonly Limit[], now: number) {
    const asked = limits.map(({ key, policy, cost = 1 }) => {
      const budget = this.budget(key, policy);
      return { policy, cost, budget, ...budget.verdict(now, cost) };
    });
    const allowed = asked.every(({ policy, waitMs }) => waitMs === 0 || policy.isShadow === true);
    const spent = allowed ? asked.filter(({ waitMs, cost }) => waitMs === 0 && cost > 0) : [];
    for (const { budget, cost } of spent) budget.spend(now, cost);
    const ends = spent.flatMap(({ budget }) => ('end' in budget ? [budget.end as () => void] : []));
    const enforced = asked.filter(({ policy }) => policy.isShadow !== true);
    return {
      end: () => ends.forEach((end) => end()),
      answer: {
        allowed,
        retryAfterMs: Math.max(0, ...enforced.map(({ waitMs }) => waitMs)),
        delayMs: allowed ? Math.max(0, ...enforced.map(({ delayMs }) => delayMs)) : 0,
        remaining: asked.map(({ budget }) => budget.remaining(now)),
        shadowedBy: asked
          .filter(({ policy, waitMs }) => policy.isShadow && waitMs > 0)
          .map(({ policy }) => policy.name),
      },
    };
  }

  private budget(key: string, policy: LimitPolicy): Budget {
    const id = `${policy.name} ${key}`;
    const budget = this.budgets.get(id) ?? models[policy.algorithm](policy);
    this.budgets.set(id, budget);
    return budget;
  }
}
