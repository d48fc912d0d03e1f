import { Balancer } from '../apps/gateway/src/instances/pool/balancer.js';
import type { Instance } from '../apps/gateway/src/instances/instance.js';
import type { PickContext } from '../apps/gateway/src/instances/pick-context.js';
import { compileService, type Service } from '../apps/gateway/src/instances/pool/service.js';
import {
  balancingPolicies,
  type BalancingPolicyName,
} from '../apps/gateway/src/configuration/schema/balance.schema.js';
import { service } from '../apps/gateway/src/configuration/schema/service.schema.js';
import { median } from './measure/statistics.js';
import { markdownTable } from './tables/markdown.js';

/**
 * What choosing an instance costs per request, in nanoseconds, and what choosing, reporting and releasing cost
 * together: `node dist/bench/balance.js`. There are always 32 requests under way. Policies and sizes take turns, so
 * that what else the machine does falls on all of them; figures are medians, with the best round after the slash. A
 * pick and a report read the clock once each: what that costs is measured along, and tells how quiet the machine was.
 */
const rounds = 25;
const picksPerRound = 20_000;
const sizes = [1, 3, 100];
const underWay = 32;

interface Subject {
  readonly balance: BalancingPolicyName;
  readonly size: number;
  readonly service: Service;
  readonly busy: Instance[];
  readonly pickNs: number[];
  readonly allNs: number[];
}

const balancer = new Balancer();

const calls: readonly PickContext[] = Array.from({ length: 1_000 }, (_, index) => ({
  clientAddress: `10.0.${index >> 8}.${index & 255}`,
  headers: {},
  identity: { userId: '' },
}));

function aSubject(balance: BalancingPolicyName, size: number): Subject {
  const instances = Array.from({ length: size }, (_, index) => ({
    url: `http://10.1.0.${index}:8080`,
    weight: 1 + (index % 3),
  }));
  const compiled = compileService(`${balance}-${size}`, service.parse({ balance, instances }));
  return { balance, size, service: compiled, busy: [], pickNs: [], allNs: [] };
}

function run({ service, busy, pickNs, allNs }: Subject): void {
  const picked: Instance[] = [];
  let inPicks = 0n;
  const start = process.hrtime.bigint();
  for (let done = 0; done < picksPerRound; done += underWay) {
    const beforePicks = process.hrtime.bigint();
    for (let index = 0; index < underWay; index++) {
      picked.push(balancer.pick(service, calls[(done + index) % calls.length] as PickContext));
    }
    inPicks += process.hrtime.bigint() - beforePicks;
    for (const instance of busy.splice(0)) {
      balancer.report(instance, 'answered', 1);
      balancer.release(instance);
    }
    busy.push(...picked.splice(0));
  }
  const inAll = process.hrtime.bigint() - start;
  pickNs.push(Number(inPicks) / picksPerRound);
  allNs.push(Number(inAll) / picksPerRound);
}

function readClock(costs: number[]): void {
  let sum = 0;
  const start = process.hrtime.bigint();
  for (let index = 0; index < picksPerRound; index++) sum += performance.now();
  costs.push(Number(process.hrtime.bigint() - start) / picksPerRound);
  if (sum === 0) throw new Error('The clock stands still');
}

const subjects = balancingPolicies.flatMap((balance) => sizes.map((size) => aSubject(balance, size)));
const clockNs: number[] = [];
for (let round = 0; round < rounds; round++) {
  readClock(clockNs);
  for (const subject of subjects) run(subject);
}

/** The first rounds are for the compiler. */
function figure(costs: readonly number[]): string {
  const counted = costs.slice(5);
  return `${median(counted).toFixed(0)} / ${Math.min(...counted).toFixed(0)}`;
}

const figures = (balance: BalancingPolicyName, kind: 'pickNs' | 'allNs'): string[] =>
  subjects.filter((each) => each.balance === balance).map((each) => figure(each[kind]));

console.log(
  markdownTable(
    ['policy', ...sizes.map((size) => `pick, ${size}`), ...sizes.map((size) => `with report and release, ${size}`)],
    balancingPolicies.map((balance) => [balance, ...figures(balance, 'pickNs'), ...figures(balance, 'allNs')]),
  ),
);
console.log(`reading the clock: ${figure(clockNs)}`);
