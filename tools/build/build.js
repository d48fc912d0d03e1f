// npm run build
import { freshBuild } from './fresh-build.js';

freshBuild();
