import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { LostFactorsService } from './lost-factors.service.js';

/** The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/users')
export class LostFactorsController {
  constructor(private readonly lost: LostFactorsService) {}

  @Delete(':id/second-factors')
  @HttpCode(204)
  async remove(@CurrentIdentity() operator: Identity, @Param('id') id: string): Promise<void> {
    await this.lost.remove(operator, id);
  }
}
