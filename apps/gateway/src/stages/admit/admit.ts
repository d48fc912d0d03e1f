import { Injectable } from '@nestjs/common';

import { Admission } from '../../capacity/admission.js';
import { PenaltyBox } from '../../capacity/penalty-box.js';
import { Uploads } from '../../capacity/uploads.js';
import { WaitingBodies } from '../../capacity/waiting-bodies.js';
import { isGrpc } from '../../http/event-stream.js';
import { hasBody, RequestBody } from '../../request/request-body.js';
import type { Passage, Stage, Verdict } from '../../request/stage.js';
import { Connections } from '../../upstream/connections.js';

/** Lets a request in while there is room for it, here and at its service, and then watches that its body comes. */
@Injectable()
export class Admit implements Stage {
  constructor(
    private readonly connections: Connections,
    private readonly penalties: PenaltyBox,
    private readonly admission: Admission,
    private readonly uploads: Uploads,
    private readonly awaited: WaitingBodies,
  ) {}

  pass(passage: Passage): Verdict {
    const { context, request, response } = passage;
    const { target } = context.route;
    const goesToService = target.kind === 'service' && context.upgrade === undefined;
    // Told before anybody is asked about the caller: a refusal has to be cheap.
    if (goesToService && this.connections.areFull(target.service)) {
      context.flag = 'upstream_overloaded';
      throw this.penalties.refusal('UPSTREAM_UNAVAILABLE', 'too many requests wait for a connection');
    }
    this.admission.enter(context, response);
    this.uploads.watch(passage);
    if (goesToService && hasBody(request)) {
      const isStream = isGrpc(context.headers['content-type']) && target.service.config.protocol === 'http2';
      context.body = new RequestBody(context, request, response, context.snapshot.headerRules, this.awaited, isStream);
    }
    return 'next';
  }
}
