import { join } from 'node:path';

import { Tokens } from '../client/tokens.js';
import { startUpstream } from './nginx.js';
import { requireProgram } from './programs.js';
import { Workshop } from './workshop.js';

/** What stands around the proxies and is not measured: the upstream server, Redis, and who knows sessions and accounts. */
export interface Surroundings {
  readonly workshop: Workshop;
  readonly tokens: Tokens;
  readonly redisUrl: string;
  readonly directoryAddress: string;
  /** One server answers on all of these addresses. */
  instanceUrl(index: number): string;
  close(): Promise<void>;
}

export async function setUp({ instances }: { readonly instances: number }): Promise<Surroundings> {
  const workshop = new Workshop();
  // All of 127.0.0.0/8 is this machine: one port does for any number of instances.
  const hosts = Array.from({ length: instances }, (_, index) => `127.0.1.${index + 1}`);
  const upstream = await startUpstream(workshop, hosts);
  const redis = await workshop.start('redis', ({ port, folder }) => ({
    program: requireProgram('redis-server'),
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
  }));
  const directory = await workshop.start('directory', ({ port }) => ({
    program: process.execPath,
    args: [join(import.meta.dirname, 'node/directory.js'), String(port)],
  }));
  return {
    workshop,
    tokens: new Tokens(),
    redisUrl: `redis://127.0.0.1:${redis.port}`,
    directoryAddress: `127.0.0.1:${directory.port}`,
    instanceUrl: (index) => `http://${hosts[index]}:${upstream.port}`,
    close: () => workshop.close(),
  };
}
