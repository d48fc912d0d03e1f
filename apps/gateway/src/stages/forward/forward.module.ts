import { Module } from '@nestjs/common';

import { UpstreamModule } from '../../upstream/upstream.module.js';
import { Forwarder } from './forwarder.js';

@Module({ imports: [UpstreamModule], providers: [Forwarder], exports: [Forwarder] })
export class ForwardModule {}
