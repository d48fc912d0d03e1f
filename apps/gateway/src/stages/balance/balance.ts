import { Injectable } from '@nestjs/common';

import { isOver } from '../../http/is-over.js';
import type { Service } from '../../instances/pool/service.js';
import type { RequestBody } from '../../request/request-body.js';
import { type Passage, serviceOf, type Stage, type Verdict } from '../../request/stage.js';
import { Upstreams } from '../../upstream/upstreams.js';
import { upstreamPath } from './upstream-path.js';

/**
 * Finds out where the request goes: the path there, and, once the request is here, the instance. Should that one fail,
 * forwarding chooses another in the same way.
 */
@Injectable()
export class Balance implements Stage {
  constructor(private readonly upstreams: Upstreams) {}

  pass(passage: Passage): Verdict | Promise<Verdict> {
    const { context, response } = passage;
    const target = serviceOf(context);
    const { service } = target;
    // While the stages before were asking, the client may have gone or the request may have been refused.
    if (isOver(response)) return 'answered';
    context.upstreamPath = upstreamPath(context, target);
    const { body } = context;
    if (body?.has('begun') === false) return this.onceBegun(passage, body, service);
    return this.choose(passage, service);
  }

  /** What is only announced takes nothing of an instance. */
  private async onceBegun(passage: Passage, body: RequestBody, service: Service): Promise<Verdict> {
    await body.until('begun');
    return isOver(passage.response) ? 'answered' : this.choose(passage, service);
  }

  private choose({ context }: Passage, service: Service): Verdict {
    context.instance = this.upstreams.choose(context, service, []).instance;
    return 'next';
  }
}
