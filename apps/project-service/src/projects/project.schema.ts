import { z } from 'zod';

import { pageOf } from '@libs/persistence';
import { severalLines, singleLine } from '@libs/service';

export const projectStatuses = ['active', 'archived'] as const;
export type ProjectStatus = (typeof projectStatuses)[number];

const name = singleLine(100).meta({
  description: 'Unique among the projects of the tenant; upper and lower case are the same.',
});

const description = severalLines(2000);

const status = z.enum(projectStatuses);

export const CreateProject = z
  .strictObject({
    name,
    description: description.default(''),
    status: status.default('active'),
  })
  .meta({ id: 'CreateProject' });
export type CreateProject = z.infer<typeof CreateProject>;

export const UpdateProject = z
  .strictObject({ name, description, status })
  .partial()
  .refine((fields) => Object.keys(fields).length > 0, 'name at least one field to change')
  .meta({ id: 'UpdateProject' });
export type UpdateProject = z.infer<typeof UpdateProject>;

export const ProjectView = z
  .object({
    id: z.uuid(),
    tenantId: z.uuid(),
    ownerId: z.uuid().nullable().meta({ description: 'Null where the owner has left, until somebody is made one.' }),
    name: z.string(),
    description: z.string(),
    status,
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Project' });
export type ProjectView = z.infer<typeof ProjectView>;

export const ProjectPage = pageOf(ProjectView, 'ProjectPage');
export type ProjectPage = z.infer<typeof ProjectPage>;
