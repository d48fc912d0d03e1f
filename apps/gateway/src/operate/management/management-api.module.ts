import { type DynamicModule, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { EventBus } from '@libs/events';

import { GatewayActuatorController } from '../actuator/gateway-actuator.controller.js';
import { ConfigurationStatus } from '../../configuration/live/configuration-status.js';
import { LiveConfiguration } from '../../configuration/live/live-configuration.js';
import type { ConfigurationOptions } from '../../configuration/live/configuration.module.js';
import { ConfigurationService } from './configuration.service.js';
import { DescriptionController } from './description.controller.js';
import { managementControllers, partsOfGateway } from './management-controllers.js';
import { managementToken } from './management-token.guard.js';
import { VersionsService } from './versions.service.js';

/** What operators ask of a gateway that runs, beside the probes and the actuator. */
@Module({})
export class ManagementApiModule {
  /** `app` is the gateway that is managed; `token` is what its operators must know: without one, nobody may call. */
  static of(app: NestFastifyApplication, { live }: ConfigurationOptions, token: string | undefined): DynamicModule {
    const of = <T>(type: abstract new (...args: never[]) => T): T => app.get<T>(type, { strict: false });
    const status = of(ConfigurationStatus);
    const configuration = new ConfigurationService(status, live?.environment ?? {}, live?.discoveries);
    const versions = new VersionsService(
      live?.source,
      live === undefined ? undefined : of(LiveConfiguration),
      configuration,
      of(EventBus),
    );
    return {
      module: ManagementApiModule,
      controllers: [...managementControllers, DescriptionController, GatewayActuatorController],
      providers: [
        { provide: managementToken, useValue: token },
        { provide: ConfigurationService, useValue: configuration },
        { provide: VersionsService, useValue: versions },
        ...partsOfGateway.map((type) => ({ provide: type, useValue: app.get<unknown>(type, { strict: false }) })),
      ],
    };
  }
}
