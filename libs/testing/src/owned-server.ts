import { rm } from 'node:fs/promises';

import { type ServerCommand, ServerProcess } from './server-process.js';
import type { TestServer } from './test-server.js';

/** Starts a server and hands out the controls a test needs. `command.directory` is removed at the end. */
export async function ownServer(command: ServerCommand, url: string, port: number): Promise<TestServer> {
  let server = await ServerProcess.start(command);
  return {
    url,
    port,
    stop: async () => {
      await server.end('SIGTERM');
      await rm(command.directory, { recursive: true, force: true });
    },
    kill: () => server.end('SIGKILL'),
    restart: async () => {
      await server.end('SIGKILL');
      server = await ServerProcess.start(command);
    },
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
  };
}
