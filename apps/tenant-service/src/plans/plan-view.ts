import type { Plan as PlanMessage } from '@libs/grpc';
import { etag } from '@libs/service';

import type { Plan } from './plan.entity.js';
import type { SetPlan } from './plan.schema.js';

export interface PlanView extends SetPlan {
  readonly key: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const requestsOf = ({ requestQuota, requestWindowSeconds }: Plan) =>
  requestQuota === null ? null : { quota: requestQuota, windowSeconds: requestWindowSeconds };

export const viewPlan = (plan: Plan): PlanView => ({
  key: plan.planKey,
  name: plan.name,
  requests: requestsOf(plan),
  maxProjects: plan.maxProjects,
  maxMembers: plan.maxMembers,
  maxInstances: plan.maxInstances,
  createdAt: plan.createdAt.toISOString(),
  updatedAt: plan.updatedAt.toISOString(),
});

export const planMessage = (plan: Plan): PlanMessage => ({
  key: plan.planKey,
  name: plan.name,
  requests: requestsOf(plan) ?? undefined,
  maxProjects: plan.maxProjects ?? undefined,
  maxMembers: plan.maxMembers ?? undefined,
  maxInstances: plan.maxInstances ?? undefined,
  etag: etag(plan.version),
});
