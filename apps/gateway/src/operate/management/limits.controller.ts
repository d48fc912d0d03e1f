import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';

import { RedisHealth } from '@libs/redis';

import { asWritten } from '../../configuration/document/as-written.js';
import type { GatewayConfiguration } from '../../configuration/schema/gateway-configuration.schema.js';
import { Snapshots } from '../../runtime/snapshots.js';
import { LimitsView } from './limit.view.js';
import { ManagementCalls } from './management-call.js';

@ManagementCalls('limits')
@Controller('limits')
export class LimitsController {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly redis: RedisHealth,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Show the limits in force, and where they hold', operationId: 'listLimits' })
  @ApiResponse({ status: 200, standardSchema: LimitsView })
  list(): LimitsView {
    const { configuration, routes } = this.snapshots.current;
    const written = asWritten(configuration) as GatewayConfiguration;
    const { allow = [], deny, rateLimits: everywhere } = configuration.addresses;
    return {
      items: Object.entries(written.rateLimits).map(([name, limit]) => ({
        name,
        ...limit,
        routes: routes.routes
          .filter((route) => route.rateLimits.some((taken) => taken.name === name))
          .map(({ id }) => id),
        everywhere: everywhere.includes(name),
      })),
      addresses: { allow, deny },
      shared: this.redis.configured,
      request: { ...written.limits },
    };
  }
}
