import { Listing } from '@libs/persistence';

import type { Plan } from './plan.entity.js';

export const planListing = new Listing<Plan>({
  defaultOrder: 'planKey',
  orderable: ['planKey', 'createdAt', 'updatedAt'],
  filterable: { planKey: 'text', name: 'text', createdAt: 'time', updatedAt: 'time' },
  size: { few: 'operators make each' },
});
