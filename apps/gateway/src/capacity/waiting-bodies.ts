import { Injectable } from '@nestjs/common';

import { Refusal } from '@libs/errors';

import type { AwaitedBodies } from '../request/request-body.js';
import type { GatewayContext } from '../request/gateway-context.js';
import { addressNetwork } from '../limits/limit-key.js';
import { Admission } from './admission.js';
import { Counts } from './counts.js';

/** Requests whose body was announced and is still to come. One address may have so many, and no more. */
@Injectable()
export class WaitingBodies implements AwaitedBodies {
  private readonly byNetwork = new Counts();

  constructor(private readonly admission: Admission) {}

  await(context: GatewayContext): () => void {
    const network = addressNetwork(context.clientAddress);
    const { bodiesPerAddress } = context.snapshot.configuration.protection;
    if (this.byNetwork.of(network) >= bodiesPerAddress) {
      throw new Refusal('RATE_LIMITED', {
        headers: { 'retry-after': '1' },
        internal: 'too many requests of this address have no body yet',
      });
    }
    this.byNetwork.add(network);
    this.admission.rest(context);
    return () => {
      this.byNetwork.remove(network);
      this.admission.goOn(context);
    };
  }
}
