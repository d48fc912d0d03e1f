// node tools/build/run.js FILE [ARGUMENTS]: runs a file of a build of the sources as they are now.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { freshBuild, occupy } from './fresh-build.js';

const [file = ''] = process.argv.splice(2, 1);
const build = freshBuild();
occupy(build);
process.argv[1] = join(build, file);
await import(pathToFileURL(process.argv[1]).href);
