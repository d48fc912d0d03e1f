import type { RequestListener } from 'node:http';

import type { Passage } from '../../request/stage.js';

/** The gateway's own controllers, which Nest finds by their path. */
export class OwnControllers {
  private listener: RequestListener | undefined = undefined;

  /** Node's listener of the Nest application. It is there once the application is. */
  use(listener: RequestListener): void {
    this.listener = listener;
  }

  answer({ context, request, response }: Passage): void {
    const { target } = context.route;
    if (target.kind !== 'own' || this.listener === undefined) {
      throw new Error(`The route ${context.route.id} leads to no controller`);
    }
    request.url = target.takesAllBelow ? context.path + context.query : target.path;
    this.listener(request, response);
  }
}
