import { z } from 'zod';

import { pageOf } from '@libs/persistence';

export const projectStatuses = ['active', 'archived'] as const;
export type ProjectStatus = (typeof projectStatuses)[number];

const name = z
  .string()
  .transform((value) => value.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1)
      .max(100)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters'),
  )
  .meta({ description: 'Unique among the projects of the tenant; upper and lower case are the same.' });

const description = z
  .string()
  .max(2000)
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u, 'must not hold control characters, except tabs and line ends');

const status = z.enum(projectStatuses);

export const CreateProject = z.strictObject({
  name,
  description: description.default(''),
  status: status.default('active'),
});
export type CreateProject = z.infer<typeof CreateProject>;

export const UpdateProject = z
  .strictObject({ name, description, status })
  .partial()
  .refine((fields) => Object.keys(fields).length > 0, 'name at least one field to change');
export type UpdateProject = z.infer<typeof UpdateProject>;

export const ProjectView = z
  .object({
    id: z.uuid(),
    tenantId: z.uuid(),
    ownerId: z.uuid(),
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
