import { runService } from '@libs/service';

import { startEcsService } from './start.js';

await runService(() => startEcsService());
