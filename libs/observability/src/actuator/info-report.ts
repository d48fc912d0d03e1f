import { availableParallelism, release, type } from 'node:os';

import type { AppInfo } from '../app-info.js';

/** `/actuator/info`, with the contributors of Spring Boot that mean something here. Nothing of the environment. */
export function reportInfo({ name, version, startedAt }: AppInfo): object {
  const { heapUsed, heapTotal, rss } = process.memoryUsage();
  return {
    app: { name, version },
    build: { group: 'gatehouse', artifact: name, name, version },
    runtime: { name: 'node', version: process.versions.node },
    os: { name: type(), version: release(), arch: process.arch },
    process: {
      pid: process.pid,
      parentPid: process.ppid,
      cpus: availableParallelism(),
      memory: { heap: { used: heapUsed, committed: heapTotal }, resident: rss },
      startedAt: startedAt.toISOString(),
      uptimeSeconds: Math.floor(process.uptime()),
    },
  };
}
