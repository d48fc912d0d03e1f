import { z } from 'zod';

import { ProjectView } from '../projects/project.schema.js';
import { TenantView, UserView } from './account-view.js';

const count = z.int().min(0);

const atLeast = z.literal(true).optional().meta({
  description:
    'There where more than 10000 were found: the numbers of this part are then those that were counted, and there are more.',
});

const parts = {
  user: UserView,
  tenant: TenantView,
  projects: z
    .object({ total: count, active: count, archived: count, atLeast })
    .meta({ description: 'Those that the caller may see.' }),
  members: z.object({ total: count, atLeast }),
  instances: z.object({ total: count, byStatus: z.record(z.string(), count), atLeast }),
  recent: z.array(ProjectView).meta({ description: 'The projects that were changed last, newest first.' }),
};

export type DashboardPart = keyof typeof parts;

export const DashboardView = z
  .object({
    user: parts.user.nullable(),
    tenant: parts.tenant.nullable(),
    projects: parts.projects.nullable(),
    members: parts.members.nullable(),
    instances: parts.instances.nullable(),
    recent: parts.recent.nullable(),
    partial: z
      .array(z.enum(Object.keys(parts) as DashboardPart[]))
      .meta({ description: 'The parts that are null because they could not be had just now.' }),
  })
  .meta({ id: 'Dashboard' });
export type DashboardView = z.infer<typeof DashboardView>;

/** How to get each part; a promise that fails makes that part null. */
export type DashboardParts = { readonly [P in DashboardPart]: Promise<z.infer<(typeof parts)[P]>> };
