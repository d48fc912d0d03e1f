import { connect, type LookupFunction } from 'node:net';

import type { HealthCheck } from './health-check.js';

/** Opens a connection and closes it again. Tells that something listens, and no more. */
export class TcpCheck implements HealthCheck {
  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly lookup: LookupFunction,
  ) {}

  ask(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.host, port: this.port, lookup: this.lookup, signal });
      socket.once('connect', () => {
        socket.destroy();
        resolve();
      });
      socket.on('error', reject);
    });
  }

  close(): void {
    // Nothing is kept open.
  }
}
