import { Module } from '@nestjs/common';

import { CapacityModule } from '../../capacity/capacity.module.js';
import { UpstreamModule } from '../../upstream/upstream.module.js';
import { Admit } from './admit.js';

@Module({ imports: [CapacityModule, UpstreamModule], providers: [Admit], exports: [Admit] })
export class AdmitModule {}
