import { type DynamicModule, Global, Module } from '@nestjs/common';

import { AUTH_SETTINGS, type AuthSettings } from './settings.js';

/** The settings of this process, for every feature. */
@Global()
@Module({})
export class SettingsModule {
  static of(settings: AuthSettings): DynamicModule {
    return {
      module: SettingsModule,
      providers: [{ provide: AUTH_SETTINGS, useValue: settings }],
      exports: [AUTH_SETTINGS],
    };
  }
}
