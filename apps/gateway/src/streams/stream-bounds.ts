import type { ServerResponse } from 'node:http';

import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';

import { Refusal } from '@libs/errors';
import { Metrics } from '@libs/observability';

import type { GatewayContext } from '../request/gateway-context.js';
import { addressNetwork } from '../limits/limit-key.js';
import { Admission } from '../capacity/admission.js';
import { Counts } from '../capacity/counts.js';

/**
 * WebSockets and streams stay for hours and cost next to nothing meanwhile. So they are no requests, and take the place
 * of none: they have bounds of their own.
 */
@Injectable()
export class StreamBounds {
  private readonly byNetwork = new Counts();
  private readonly byUser = new Counts();
  private readonly byRoute = new Counts();
  private open = 0;

  constructor(
    private readonly admission: Admission,
    metrics: Metrics,
  ) {
    metrics.own('gateway_open_streams', (registers) => {
      const help = 'WebSockets and streams that are open';
      const collect = (gauge: Gauge): void => gauge.set(this.open);
      return new Gauge({
        name: 'gateway_open_streams',
        help,
        registers,
        collect() {
          collect(this);
        },
      });
    });
  }

  /** Refuses, or counts the stream until its answer has ended. From then on it is no request any more. */
  enter(context: GatewayContext, response: ServerResponse): void {
    const network = addressNetwork(context.clientAddress);
    const { identity, route } = context;
    const { streams, streamsPerAddress, streamsPerUser } = context.snapshot.configuration.protection;
    if (this.byNetwork.of(network) >= streamsPerAddress) throw tooManyOf('this address');
    if (identity.userId !== '' && this.byUser.of(identity.userId) >= streamsPerUser) throw tooManyOf('this user');
    if (this.byRoute.of(route.id) >= route.maxStreams) throw tooMany('on this route');
    if (this.open >= streams) throw tooMany('altogether');

    this.open++;
    this.byNetwork.add(network);
    this.byUser.add(identity.userId);
    this.byRoute.add(route.id);
    this.admission.leave(context);
    response.once('close', () => {
      this.open--;
      this.byNetwork.remove(network);
      this.byUser.remove(identity.userId);
      this.byRoute.remove(route.id);
    });
  }
}

const headers = { 'retry-after': '1' };
const tooManyOf = (whom: string): Refusal =>
  new Refusal('RATE_LIMITED', { headers, internal: `too many streams of ${whom}` });
const tooMany = (where: string): Refusal =>
  new Refusal('SERVICE_OVERLOADED', { headers, internal: `too many streams ${where}` });
