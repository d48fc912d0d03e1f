import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { VouchedResetService } from './vouched-reset.service.js';

/** The gateway never routes to it. `::` is a colon in a route path. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/users')
export class VouchedResetController {
  constructor(private readonly vouching: VouchedResetService) {}

  @Post(':id/password::send-reset')
  @HttpCode(202)
  async send(@CurrentIdentity() operator: Identity, @Param('id') id: string): Promise<void> {
    await this.vouching.sendReset(operator, id);
  }
}
