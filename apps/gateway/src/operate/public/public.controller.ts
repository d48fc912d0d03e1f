import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { ReadinessChecks } from '@libs/observability';

import { Balancer } from '../../instances/pool/balancer.js';
import { Snapshots } from '../../runtime/snapshots.js';
import { type PublicService, PublicServices, PublicStatus } from './public.schema.js';

/** What anybody may know about the platform, without an identity. */
@Controller('public')
@ApiTags('public')
export class PublicController {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly balancer: Balancer,
    private readonly readiness: ReadinessChecks,
  ) {}

  @Get('status')
  @ApiOperation({ summary: 'Tell whether the platform works', operationId: 'getPublicStatus' })
  @ApiResponse({ status: 200, standardSchema: PublicStatus })
  status(): PublicStatus {
    const isWhole = this.listed().every(({ status }) => status === 'available');
    const status = this.readiness.isRetired ? 'draining' : isWhole ? 'ok' : 'degraded';
    return { status, time: new Date().toISOString() };
  }

  @Get('services')
  @ApiOperation({ summary: 'List the services that are reachable here', operationId: 'listPublicServices' })
  @ApiResponse({ status: 200, standardSchema: PublicServices })
  services(): PublicServices {
    return { items: this.listed() };
  }

  private listed(): PublicService[] {
    return [...this.snapshots.current.services.values()]
      .filter(({ config }) => config.listed)
      .map((service) => ({
        name: service.name,
        status: this.balancer.isAvailable(service) ? 'available' : 'unavailable',
      }));
  }
}
