import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Refusal } from '@libs/errors';
import { Access } from '@libs/trusted-headers';

import { ActuatorEndpoints, type ActuatorRequest } from './actuator-endpoints.js';

/** The actuator of the management port, which is published to nobody but operators. */
@Controller('actuator')
@Access('unsealed')
@ApiExcludeController()
export class ActuatorController extends ActuatorEndpoints {
  @Post('loggers/:name')
  @HttpCode(204)
  setLevel(@Param('name') name: string, @Body() body: unknown, @Req() { headers }: ActuatorRequest): void {
    // A web page that an operator looks at can reach this port, too. Browsers say who asks.
    if (headers['origin'] !== undefined) throw new Refusal('ACCESS_DENIED', { internal: 'asked by a web page' });
    this.changeLevel(name, body);
  }
}
