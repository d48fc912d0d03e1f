import { median } from '../measure/statistics.js';
import { type Measurement, type Measurements, measureInRounds, type RoundsOptions } from '../measure/rounds.js';
import {
  authorizationOf,
  routePath,
  sameBytesUnread,
  startBareGateway,
  startFullGateway,
} from '../subjects/gateway.js';
import { startHaproxy } from '../subjects/haproxy.js';
import { startNginx } from '../subjects/nginx.js';
import { startNodeProxy } from '../subjects/node-proxies.js';
import { findProgram } from '../subjects/programs.js';
import type { Subject } from '../subjects/subject.js';
import type { Surroundings } from '../subjects/surroundings.js';
import type { Started } from '../subjects/workshop.js';
import { markdownTable } from './markdown.js';

const nginx = 'nginx';

/** The gateway beside what else one could put there. `against`: another build of the gateway, measured along with it. */
export async function compareProxies(
  around: Surroundings,
  options: RoundsOptions,
  against: string | undefined,
): Promise<string> {
  const subjects = await startSubjects(around, against);
  const measurements = await measureInRounds(subjects, options);
  const rows = subjects.map(({ name }) => rowOf(name, measurements));
  const header = ['proxy', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request', '× nginx'];
  return markdownTable(header, rows);
}

async function startSubjects(around: Surroundings, against: string | undefined): Promise<Subject[]> {
  const { workshop, tokens } = around;
  const path = routePath(2);
  const bare = (name: string, { pid, url }: Started): Subject => ({
    name,
    pid,
    target: { url, requests: [{ path, headers: sameBytesUnread(tokens, 0) }] },
  });
  const full = (name: string, { pid, url }: Started): Subject => ({
    name,
    pid,
    target: { url, requests: [{ path, headers: authorizationOf(tokens, 0) }] },
  });
  const upstream = around.instanceUrl(0);
  const scale = { routes: 10, instances: 2 };

  const subjects = [bare(nginx, await startNginx(workshop, upstream))];
  if (findProgram('haproxy') !== undefined) subjects.push(bare('HAProxy', await startHaproxy(workshop, upstream)));
  subjects.push(
    bare('@fastify/http-proxy', await startNodeProxy(workshop, 'fastify-http-proxy', upstream)),
    bare(
      'express + http-proxy-middleware 4',
      await startNodeProxy(workshop, 'express-http-proxy-middleware-4', upstream),
    ),
    bare(
      'express + http-proxy-middleware 3',
      await startNodeProxy(workshop, 'express-http-proxy-middleware-3', upstream),
    ),
    bare('Gatehouse, bare', await startBareGateway(around)),
    full('Gatehouse, everything on', await startFullGateway(around, scale)),
  );
  if (against !== undefined) {
    subjects.push(
      bare('the other build, bare', await startBareGateway(around, against)),
      full('the other build, everything on', await startFullGateway(around, scale, against)),
    );
  }
  return subjects;
}

function rowOf(name: string, measurements: Measurements): string[] {
  const own = measurements.get(name) ?? [];
  const reference = measurements.get(nginx) ?? [];
  const medianOf = (pick: (measurement: Measurement) => number): number => median(own.map(pick));
  // Ratios are taken within a round, where both had the same machine.
  const ratio = median(own.map(({ cpuPerRequest }, round) => cpuPerRequest / (reference[round]?.cpuPerRequest ?? NaN)));
  return [
    name,
    medianOf(({ requestsPerSecond }) => requestsPerSecond).toFixed(0),
    medianOf(({ p50 }) => p50).toFixed(2),
    medianOf(({ p99 }) => p99).toFixed(2),
    medianOf(({ cpuPerRequest }) => cpuPerRequest).toFixed(1),
    ratio.toFixed(2),
  ];
}
