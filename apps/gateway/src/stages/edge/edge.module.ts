import { Module } from '@nestjs/common';

import { Edge } from './edge.js';

@Module({ providers: [Edge], exports: [Edge] })
export class EdgeModule {}
