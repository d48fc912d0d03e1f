import { Module } from '@nestjs/common';

import { Router } from './router.js';

@Module({ providers: [Router], exports: [Router] })
export class RouteModule {}
