import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Test, type TestingModule } from '@nestjs/testing';

import { ClockModule, ComparedClock } from '@libs/clock';
import { readSettings } from '@libs/config';
import { GrpcModule } from '@libs/grpc';
import { aSealKey, serviceEnvironment } from '@libs/testing';
import { TrustedHeadersModule } from '@libs/trusted-headers';

import { AuthServiceModule } from '../src/auth-service.module.js';
import { AuthSettings } from '../src/settings/settings.js';
import { MovedClock } from './moved-clock.fixture.js';

/** The insides of auth-service without its ports, for what no caller can ask for. */
export class AuthModule {
  private constructor(
    readonly app: TestingModule,
    readonly clock: MovedClock,
    private readonly dataDir: string,
  ) {}

  static async start(environment: Record<string, string> = {}): Promise<AuthModule> {
    const dataDir = mkdtempSync(join(tmpdir(), 'auth-service-'));
    const settings = readSettings(AuthSettings, {
      ...serviceEnvironment({ dataDir, sealKey: aSealKey() }),
      ...environment,
    });
    const { sealKey, peers } = settings;
    const clock = new MovedClock();
    const app = await Test.createTestingModule({
      imports: [
        ClockModule.of(new ComparedClock()),
        TrustedHeadersModule.forRoot({ audience: 'auth-service', sealKey }),
        GrpcModule.forRoot({ service: 'auth-service', sealKey, peers }),
        AuthServiceModule.forRoot(settings, clock),
      ],
    }).compile();
    await app.init();
    return new AuthModule(app, clock, dataDir);
  }

  async stop(): Promise<void> {
    await this.app.close();
    rmSync(this.dataDir, { recursive: true });
  }
}
