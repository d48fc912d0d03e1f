import type { Server, Socket } from 'node:net';

import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';

import { Metrics } from '@libs/observability';

import { Snapshots } from '../runtime/snapshots.js';
import { plainAddress } from '../http/client-address.js';
import { addressNetwork } from '../limits/limit-key.js';
import { Counts } from '../capacity/counts.js';

/** Closes connections that are too many, before a byte of them is read. */
@Injectable()
export class ConnectionLimits {
  private readonly byNetwork = new Counts();
  private readonly closed: Counter<'limit'>;
  private open = 0;

  constructor(
    private readonly snapshots: Snapshots,
    metrics: Metrics,
  ) {
    this.closed = metrics.own('gateway_closed_connections_total', (registers) => {
      const help = 'Connections that were closed because there were too many: of all, or of one address';
      return new Counter({ name: 'gateway_closed_connections_total', help, labelNames: ['limit'] as const, registers });
    });
    metrics.own('gateway_open_connections', (registers) => {
      const collect = (gauge: Gauge): void => gauge.set(this.open);
      return new Gauge({
        name: 'gateway_open_connections',
        help: 'Connections of clients',
        registers,
        collect() {
          collect(this);
        },
      });
    });
  }

  /** Before whoever else listens: what is closed here, nobody needs to look at. */
  guard(server: Server): void {
    server.prependListener('connection', (socket: Socket) => this.receive(socket));
  }

  private receive(socket: Socket): void {
    const { current } = this.snapshots;
    const { connections, connectionsPerAddress } = current.configuration.protection;
    const address = plainAddress(socket.remoteAddress ?? '') ?? '';
    const network = addressNetwork(address);

    if (this.open >= connections) return this.close(socket, 'all');
    if (this.byNetwork.of(network) >= connectionsPerAddress && !current.trustedProxies.has(address))
      return this.close(socket, 'address');

    this.open++;
    this.byNetwork.add(network);
    socket.once('close', () => this.release(network));
  }

  private release(network: string): void {
    this.open--;
    this.byNetwork.remove(network);
  }

  private close(socket: Socket, limit: 'all' | 'address'): void {
    this.closed.inc({ limit });
    socket.destroy();
  }
}
