import { touchEach } from '../client/touch.js';
import type { TargetRequest } from '../client/wrk.js';
import { cpuTimeOfTree } from '../measure/cpu-time.js';
import { measureInRounds, type Measurements, type RoundsOptions } from '../measure/rounds.js';
import { median } from '../measure/statistics.js';
import { authorizationOf, routePath, startFullGateway } from '../subjects/gateway.js';
import type { Subject } from '../subjects/subject.js';
import type { Surroundings } from '../subjects/surroundings.js';
import { markdownTable } from './markdown.js';

interface Size {
  readonly routes: number;
  readonly users: number;
  readonly instances: number;
}

/** One thing grows at a time. The first is what all others are compared with. */
const sizes: readonly Size[] = [
  { routes: 10, users: 1, instances: 2 },
  { routes: 1_000, users: 1, instances: 2 },
  { routes: 10_000, users: 1, instances: 2 },
  { routes: 10, users: 100, instances: 2 },
  { routes: 10, users: 10_000, instances: 2 },
  { routes: 10, users: 1, instances: 1 },
  { routes: 10, users: 1, instances: 100 },
];

const distinctRequests = Math.max(...sizes.flatMap(({ routes, users }) => [routes, users]));

export const mostInstances = Math.max(...sizes.map(({ instances }) => instances));

/** What a request costs the gateway with everything on, as there is more to look up. */
export async function measureScale(around: Surroundings, options: RoundsOptions): Promise<string> {
  const subjects: Subject[] = [];
  const firstTime = new Map<string, number>();
  for (const size of sizes) {
    const subject = await startSubject(around, size);
    subjects.push(subject);
    firstTime.set(subject.name, await costOfFirstRequests(subject));
  }
  const measurements = await measureInRounds(subjects, options);
  const header = [
    'routes',
    'users',
    'instances',
    'CPU µs/request',
    '× the first row',
    'first request of each user, µs',
  ];
  const rows = sizes.map((size) => {
    const name = nameOf(size);
    // A handful of first requests says more about V8 than about the gateway.
    const first = size.users < 1_000 ? '' : (firstTime.get(name) ?? NaN).toFixed(0);
    return [...Object.values(size).map(String), ...costsOf(name, measurements), first];
  });
  return markdownTable(header, rows);
}

const nameOf = ({ routes, users, instances }: Size): string =>
  `${routes} routes, ${users} users, ${instances} instances`;

async function startSubject(around: Surroundings, size: Size): Promise<Subject> {
  const { pid, url } = await startFullGateway(around, size);
  // Each request to the next route, by the next user: what is looked up is never what was looked up just before. As
  // many of them for every size, so that whatever else grows with the number of requests is the same for all.
  const requests = Array.from({ length: distinctRequests }, (_, index): TargetRequest => {
    const [path, user] = [routePath(index % size.routes), index % size.users];
    return { path, headers: authorizationOf(around.tokens, user) };
  });
  const target = { url, requests };
  // Sessions and accounts are known for a minute; asking again is no cost of the request that happens to come then.
  return { name: nameOf(size), pid, target, prepare: () => touchEach(target) };
}

async function costOfFirstRequests({ pid, target }: Subject): Promise<number> {
  const before = cpuTimeOfTree(pid);
  await touchEach(target);
  return (cpuTimeOfTree(pid) - before) / target.requests.length;
}

function costsOf(name: string, measurements: Measurements): string[] {
  const costs = (of: string): number[] => (measurements.get(of) ?? []).map(({ cpuPerRequest }) => cpuPerRequest);
  const reference = costs(nameOf(sizes[0] as Size));
  const own = costs(name);
  return [median(own).toFixed(1), median(own.map((cost, round) => cost / (reference[round] ?? NaN))).toFixed(2)];
}
