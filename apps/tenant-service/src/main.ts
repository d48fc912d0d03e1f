import { runService } from '@libs/service';

import { startTenantService } from './start.js';

await runService(() => startTenantService());
