import type { Document } from './openapi/document.js';

import { readConfiguration } from '../../apps/gateway/src/configuration/document/read-configuration.js';
import { compileSnapshot } from '../../apps/gateway/src/runtime/snapshot.js';
import type { RouteModel } from '../../apps/gateway/src/routes/model/route.model.js';

/** One call of the external API, with the route of config/gateway.yaml that lets it in. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly route: RouteModel;
}

/** Matches every documented operation with the route table. Throws where the table lets one of them in nowhere. */
export function operationsOf(document: Pick<Document, 'paths'>): Operation[] {
  const { routes } = compileSnapshot(readConfiguration('config/gateway.yaml', {}));
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, { operationId }]) => {
      const method = name.toUpperCase();
      const sample = path.replaceAll(/\{\w+\}/g, 'x');
      const route = routes.find({ method, host: 'localhost', path: sample, query: '', headers: {} });
      if (route === undefined) throw new Error(`${method} ${path} is documented, but no route leads there`);
      return { method, path, id: operationId, route };
    }),
  );
}
