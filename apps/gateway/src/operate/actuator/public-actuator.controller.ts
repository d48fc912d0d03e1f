import { Controller, HttpCode, Param, Post, Req, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { Refusal } from '@libs/errors';
import { ActuatorEndpoints } from '@libs/observability';

import { GatewayActuatorEndpoints } from './gateway-actuator.js';
import { OperatorGuard } from './operator.guard.js';

/** `/actuator/gateway` on the public port. */
@Controller('actuator/gateway')
@ApiExcludeController()
@UseGuards(OperatorGuard)
export class PublicGatewayActuatorController extends GatewayActuatorEndpoints {}

/** `/actuator` on the public port: everything, for users with the role `platform-admin`. */
@Controller('actuator')
@ApiExcludeController()
@UseGuards(OperatorGuard)
export class PublicActuatorController extends ActuatorEndpoints {
  @Post('loggers/:name')
  @HttpCode(204)
  async setLevel(@Param('name') name: string, @Req() request: FastifyRequest): Promise<void> {
    this.changeLevel(name, await readSmallJson(request));
  }
}

const maxBytes = 1024;

/** To Fastify no request on this port has a body: it is read here. */
async function readSmallJson({ raw }: FastifyRequest): Promise<unknown> {
  let text = '';
  for await (const chunk of raw) {
    text += String(chunk);
    if (text.length > maxBytes) throw new Refusal('REQUEST_BODY_TOO_LARGE');
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new Refusal('REQUEST_MALFORMED', { internal: 'the body is not JSON', cause });
  }
}
