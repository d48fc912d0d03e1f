import { Get, Param, UseInterceptors } from '@nestjs/common';

import { Refusal } from '@libs/errors';
import { ActuatorMediaType } from '@libs/observability';

import { Snapshots } from '../../runtime/snapshots.js';
import { defineRoute, reportRoute, type RouteDefinition, type RouteReport } from './route-report.js';

/** What the gateway adds to the actuator, by the names that Spring Cloud Gateway has for it. */
export const gatewayEndpoints = {
  gateway: '/gateway',
  'gateway-routes': '/gateway/routes',
  'gateway-routes-id': '/gateway/routes/{id}',
};

/** `/actuator/gateway/**`: the routes in force, in the shapes of Spring Cloud Gateway. */
@UseInterceptors(ActuatorMediaType)
export abstract class GatewayActuatorEndpoints {
  constructor(private readonly snapshots: Snapshots) {}

  @Get()
  index(): { href: string; methods: string[] }[] {
    return ['/actuator/gateway/routes', '/actuator/gateway/routes/{id}'].map((href) => ({ href, methods: ['GET'] }));
  }

  @Get('routes')
  routes(): RouteReport[] {
    return this.snapshots.current.configuration.routes.map(reportRoute);
  }

  @Get('routes/:id')
  route(@Param('id') id: string): RouteDefinition {
    const route = this.snapshots.current.configuration.routes.find((each) => each.id === id);
    if (route === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { detail: `There is no route ${id}.` });
    return defineRoute(route);
  }
}
