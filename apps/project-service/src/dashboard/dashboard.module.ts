import { type DynamicModule, Module } from '@nestjs/common';

import { ProjectsModule } from '../projects/projects.module.js';
import { DashboardController } from './dashboard.controller.js';
import { dashboardPartMs, DashboardService } from './dashboard.service.js';

/** What a caller has, gathered from all services; a part that is late is left out. */
@Module({
  imports: [ProjectsModule],
  controllers: [DashboardController],
  providers: [DashboardService],
})
export class DashboardModule {
  static of(partMs: number): DynamicModule {
    return { module: DashboardModule, providers: [{ provide: dashboardPartMs, useValue: partMs }] };
  }
}
