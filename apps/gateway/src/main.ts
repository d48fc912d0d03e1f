import { requireNode } from '@libs/config';

requireNode();
// Only now: an older Node.js could not even load the rest.
await import('./serve.js');
