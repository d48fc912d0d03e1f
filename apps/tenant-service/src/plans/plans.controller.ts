import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { ListQuery, type Page, type ExpectedVersion } from '@libs/persistence';
import { IfMatch, setEtag } from '@libs/service';
import { Access } from '@libs/trusted-headers';

import { PlanKey, SetPlan } from './plan.schema.js';
import { type PlanView, viewPlan } from './plan-view.js';
import { PlansService } from './plans.service.js';

/** The plans of the platform. The gateway never routes to it. */
@ApiExcludeController()
@Access('service', { roles: ['platform-admin'] })
@Controller('internal/plans')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Get()
  async list(@Query({ schema: ListQuery }) query: ListQuery): Promise<Page<PlanView>> {
    const { items, nextPageToken } = await this.plans.list(query);
    return { items: items.map(viewPlan), nextPageToken };
  }

  @Get(':key')
  async get(
    @Param('key', { schema: PlanKey }) key: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlanView> {
    const plan = await this.plans.get(key);
    setEtag(reply, plan.version);
    return viewPlan(plan);
  }

  @Put(':key')
  async set(
    @Param('key', { schema: PlanKey }) key: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: SetPlan }) body: SetPlan,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlanView> {
    const plan = await this.plans.set(key, expectedVersion, body);
    if (plan.version === 1) void reply.status(201).header('location', `/internal/plans/${key}`);
    setEtag(reply, plan.version);
    return viewPlan(plan);
  }

  @Delete(':key')
  @HttpCode(204)
  async delete(
    @Param('key', { schema: PlanKey }) key: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.plans.delete(key, expectedVersion);
  }
}
