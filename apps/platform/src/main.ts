import { requireNode } from '@libs/config';

const usage = `Gatehouse, all of it in one process.

  npm start

Settings are taken from the environment: docs/configuration.md lists them. Data go into .data, or where DATA_DIR says.
The gateway alone has more words: npm run gateway -- --help
`;

requireNode();
const [argument] = process.argv.slice(2);
if (argument === undefined) {
  // Only now: an older Node.js could not even load the rest.
  const { runService } = await import('@libs/service');
  const { startPlatform } = await import('./start.js');
  await runService(startPlatform);
} else {
  const isAsked = argument === '--help' || argument === '-h';
  (isAsked ? process.stdout : process.stderr).write(usage);
  process.exitCode = isAsked ? 0 : 64;
}
