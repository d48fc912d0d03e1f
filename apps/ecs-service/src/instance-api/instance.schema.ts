import { z } from 'zod';

import { pageOf } from '@libs/persistence';
import { singleLine } from '@libs/service';

import { instanceListing } from './instance-listing.js';
import { instanceStatuses } from '../instances/instance-status.js';

const projectId = z.uuid().toLowerCase().meta({ description: 'The project that the instance belongs to.' });

const name = singleLine(100);

export const CreateInstance = z
  .strictObject({
    projectId,
    name,
    flavor: z
      .string()
      .max(64)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'may hold letters, digits, `.`, `_` and `-`')
      .default('small'),
    image: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/, 'may hold letters, digits and `._:/@-`')
      .default('debian-13'),
  })
  .meta({ id: 'CreateInstance' });
export type CreateInstance = z.infer<typeof CreateInstance>;

export const ListInstances = instanceListing.query.extend({ projectId: projectId.optional() });
export type ListInstances = z.infer<typeof ListInstances>;

export const InstanceView = z
  .object({
    id: z.uuid(),
    tenantId: z.uuid(),
    projectId: z.uuid(),
    creatorId: z.uuid(),
    name: z.string(),
    flavor: z.string(),
    image: z.string(),
    status: z.enum(instanceStatuses),
    statusReason: z.string().meta({ description: 'Why it failed; otherwise empty.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Instance' });
export type InstanceView = z.infer<typeof InstanceView>;

export const InstancePage = pageOf(InstanceView, 'InstancePage');
export type InstancePage = z.infer<typeof InstancePage>;
