import { requireNode } from '@libs/config';

requireNode();
// Only now: an older Node.js could not even load the rest.
const { runService } = await import('@libs/service');
const { startAuthService } = await import('./start.js');

await runService(() => startAuthService());
