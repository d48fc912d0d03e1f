import { z } from 'zod';

import { memberRoles } from './roles.js';

export const ChangeMember = z.strictObject({ role: z.enum(memberRoles) });
export type ChangeMember = z.output<typeof ChangeMember>;
