import { Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

import { Access } from '@libs/trusted-headers';

import { GatewayActuatorEndpoints } from './gateway-actuator.js';

/** On the management port, where the rest of the actuator is open, too. */
@Controller('actuator/gateway')
@Access('unsealed')
@ApiExcludeController()
export class GatewayActuatorController extends GatewayActuatorEndpoints {}
