import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';

import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { DashboardView } from './dashboard.schema.js';
import { DashboardService } from './dashboard.service.js';

@ApiTags('dashboard')
@Access('user')
@Controller('dashboard')
export class DashboardController {
  constructor(private readonly dashboard: DashboardService) {}

  @Get()
  @ApiOperation({ summary: 'Show what the caller has, as far as it can be had', operationId: 'getDashboard' })
  @ApiResponse({ status: 200, standardSchema: DashboardView })
  show(@CurrentIdentity() identity: Identity): Promise<DashboardView> {
    return this.dashboard.show(identity);
  }
}
