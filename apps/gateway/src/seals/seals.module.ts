import { type DynamicModule, Global, Module } from '@nestjs/common';

import { SealKeys } from './seal-keys.js';
import { Via } from './via.js';

/** What is derived from the key that all gateways of a deployment share. */
@Global()
@Module({})
export class SealsModule {
  static of(sealKey: Buffer): DynamicModule {
    return {
      module: SealsModule,
      providers: [
        { provide: SealKeys, useFactory: () => new SealKeys(sealKey) },
        { provide: Via, useFactory: () => new Via(sealKey) },
      ],
      exports: [SealKeys, Via],
    };
  }
}
