import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { accessRulesOf } from './access.js';
import { checkAccess } from './check-access.js';
import { openSeal } from './open-seal.js';
import { completeContext } from './request-context.js';
import { deriveSealKey } from './seal-key.js';
import { sealedCallOf } from './sealed-call.js';
import { type TrustedHeadersOptions, trustedHeadersOptions } from './trusted-headers.options.js';

/** Lets a call in only with a seal for this service, and only to whom the handler's `@Access` names. */
@Injectable()
export class TrustedHeadersGuard implements CanActivate {
  readonly #key: Buffer;
  readonly #now: () => number;

  constructor(
    private readonly reflector: Reflector,
    @Inject(trustedHeadersOptions) options: TrustedHeadersOptions,
  ) {
    this.#key = deriveSealKey(options.sealKey, options.audience);
    const { clock } = options;
    this.#now = clock === undefined ? () => Date.now() : () => clock.now();
  }

  canActivate(execution: ExecutionContext): true {
    const rules = accessRulesOf(this.reflector, execution);
    if (rules.includes('unsealed')) return true;

    const call = sealedCallOf(execution);
    const { identity, requestId, traceId } = openSeal({ ...call, key: this.#key, now: this.#now() });
    completeContext({ identity, requestId, traceId });
    checkAccess(identity, rules);
    return true;
  }
}
