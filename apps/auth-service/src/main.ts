import { runService } from '@libs/service';

import { startAuthService } from './start.js';

await runService(() => startAuthService());
