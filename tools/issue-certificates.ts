/**
 * Issues every service its certificate, and a new one long before it expires; the services follow their files. The
 * authority is made at the first run and replaced in time. Nobody else needs to see FOLDER/authority.
 *
 *   node dist/tools/issue-certificates.js FOLDER [--lifetime-minutes 1440] [--once] [--new-authority]
 */
import { parseArgs } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';

import { AuthorityStore } from './certificates/authority-store.js';
import { renewCertificates } from './certificates/renew.js';

const usage = `usage: issue-certificates FOLDER [--lifetime-minutes N] [--once] [--new-authority]

  --lifetime-minutes N  how long a certificate is good for (1440); it is replaced after half of that
  --once                issues what is due, and ends
  --new-authority       begins to replace the authority, too`;
const minuteMs = 60_000;

const { positionals, values } = parseArgs({
  options: {
    'lifetime-minutes': { type: 'string', default: '1440' },
    once: { type: 'boolean', default: false },
    'new-authority': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [folder] = positionals;
const leafLifetimeMs = Number(values['lifetime-minutes']) * minuteMs;
if (values.help || folder === undefined || !(leafLifetimeMs > 0)) {
  console.error(usage);
  process.exit(values.help ? 0 : 64);
}

// No shell and no Node handler: process 1 of a container ignores signals that it does not ask for.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));

const store = new AuthorityStore(folder);
if (values['new-authority']) await store.add(Date.now());
for (;;) {
  const renewed = await renewCertificates({ folder, store, leafLifetimeMs, now: Date.now() });
  if (renewed.length > 0) console.log(JSON.stringify({ msg: 'certificates were issued', renewed }));
  if (values.once) break;
  await wait(Math.min(leafLifetimeMs / 20, minuteMs));
}
