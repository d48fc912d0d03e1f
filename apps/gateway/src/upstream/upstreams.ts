import { Injectable } from '@nestjs/common';

import type { Instance } from '../instances/instance.js';
import { Balancer } from '../instances/pool/balancer.js';
import type { Service } from '../instances/pool/service.js';
import type { GatewayContext } from '../request/gateway-context.js';
import { Connections } from './connections.js';
import type { Upstream } from './upstream.js';

/** Chooses among the instances of a service one to which a request may be sent. */
@Injectable()
export class Upstreams {
  constructor(
    private readonly balancer: Balancer,
    private readonly connections: Connections,
  ) {}

  /**
   * One whose circuit is closed, or that is due for a trial. Those that are not are added to `tried`. Refuses when none is
   * left. What was chosen is reported and released, or given back.
   */
  choose(context: GatewayContext, service: Service, tried: Instance[]): Upstream {
    for (let isCircuitOpen = false; ; isCircuitOpen = true) {
      let instance: Instance;
      try {
        instance = this.balancer.pick(service, context, tried);
      } catch (error) {
        if (isCircuitOpen) context.flag = 'circuit_open';
        throw error;
      }
      const upstream = this.connections.to(instance, service);
      if (upstream.breaker.isClosed || upstream.breaker.admits(performance.now())) return upstream;
      this.balancer.giveBack(instance);
      tried.push(instance);
    }
  }

  /** The one that was chosen already. */
  to(instance: Instance, service: Service): Upstream {
    return this.connections.to(instance, service);
  }
}
