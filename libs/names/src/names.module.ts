import { type DynamicModule, Module } from '@nestjs/common';

import { Names } from './names.js';

/** Gives `Names` to whoever in an application opens connections. */
@Module({})
export class NamesModule {
  static of(names: Names): DynamicModule {
    return { module: NamesModule, global: true, providers: [{ provide: Names, useValue: names }], exports: [Names] };
  }
}
