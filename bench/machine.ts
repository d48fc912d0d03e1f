import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem } from 'node:os';

import { versionOf } from './subjects/programs.js';

/** Without this a figure says nothing. */
export function describeMachine(): string {
  const [processor] = cpus();
  return [
    `- date: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `- machine: ${cpus().length} cores (${processor?.model.trim() || arch()}), ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}; load average at the start ${loadavg()[0]?.toFixed(1)}`,
    `- Node ${process.versions.node}; nginx ${versionOf('nginx', '-v')}; HAProxy ${versionOf('haproxy', '-v')}; Redis ${versionOf('redis-server', '--version')}; wrk ${versionOf('wrk', '-v')}`,
    `- ${['@fastify/http-proxy', 'express', 'http-proxy-middleware', 'http-proxy-middleware-3', 'undici', 'fastify'].map((name) => `${name} ${versionOfPackage(name)}`).join('; ')}`,
  ].join('\n');
}

function versionOfPackage(name: string): string {
  const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string };
  return version;
}
