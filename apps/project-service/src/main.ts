import { requireNode } from '@libs/config';

requireNode();
// Only now: an older Node.js could not even load the rest.
const { runService } = await import('@libs/service');
const { startProjectService } = await import('./start.js');

await runService(() => startProjectService());
