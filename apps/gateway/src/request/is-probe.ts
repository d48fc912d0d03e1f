import { ownPaths } from '../routes/model/own-paths.js';
import type { RouteModel } from '../routes/model/route.model.js';

/** Whether somebody asks how this process is: that is answered most of all when it is not well. */
export const isProbe = ({ target }: RouteModel): boolean =>
  target.kind === 'own' && (target.path === ownPaths.health || target.path === ownPaths.ready);
