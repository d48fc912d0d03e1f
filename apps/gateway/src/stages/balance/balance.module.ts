import { Module } from '@nestjs/common';

import { UpstreamModule } from '../../upstream/upstream.module.js';
import { Balance } from './balance.js';

@Module({ imports: [UpstreamModule], providers: [Balance], exports: [Balance] })
export class BalanceModule {}
