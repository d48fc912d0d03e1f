import { runService } from '@libs/service';

import { startProjectService } from './start.js';

await runService(() => startProjectService());
