import { availableParallelism, release, type, userInfo } from 'node:os';
import { getHeapStatistics } from 'node:v8';

import type { AppInfo } from './app-info.js';

/** `/actuator/info`, with the contributors of Spring Boot that mean something here. Nothing of the environment. */
export function reportInfo({ name, version, builtAt, startedAt }: AppInfo): object {
  const { heapUsed, heapTotal, external, rss } = process.memoryUsage();
  return {
    app: { name, version },
    build: { group: 'gatehouse', artifact: name, name, version, time: builtAt.toISOString() },
    runtime: { name: 'node', version: process.versions.node },
    os: { name: type(), version: release(), arch: process.arch },
    process: {
      pid: process.pid,
      parentPid: process.ppid,
      owner: owner(),
      cpus: availableParallelism(),
      memory: {
        heap: { used: heapUsed, committed: heapTotal, max: getHeapStatistics().heap_size_limit },
        nonHeap: { used: external },
        resident: rss,
      },
      startedAt: startedAt.toISOString(),
      uptimeSeconds: Math.floor(process.uptime()),
    },
  };
}

/** A container's user need not have a name. */
function owner(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
