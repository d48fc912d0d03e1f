import { runService } from '@libs/service';

import { startPlatform } from './start.js';

await runService(startPlatform);
