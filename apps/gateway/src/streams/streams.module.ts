import { type DynamicModule, type FactoryProvider, Global, Module, type ModuleMetadata } from '@nestjs/common';

import { CapacityModule } from '../capacity/capacity.module.js';
import { LiveStreams, StreamAccess } from './live-streams.js';
import { StreamBounds } from './stream-bounds.js';

type AccessOptions = Pick<ModuleMetadata, 'imports'> & Pick<FactoryProvider<StreamAccess>, 'inject' | 'useFactory'>;

/** WebSockets and streams, for as long as they are open. */
@Global()
@Module({})
export class StreamsModule {
  /** `useFactory` makes what says whether somebody who was let in would still be. */
  static forRootAsync({ imports = [], inject = [], useFactory }: AccessOptions): DynamicModule {
    return {
      module: StreamsModule,
      imports: [CapacityModule, ...imports],
      providers: [{ provide: StreamAccess, inject, useFactory }, LiveStreams, StreamBounds],
      exports: [LiveStreams, StreamBounds],
    };
  }
}
