import { createHash, timingSafeEqual } from 'node:crypto';

import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { Refusal } from '@libs/errors';

export const managementToken = Symbol('the token of the management API, undefined if nobody may call');

const bearer = /^Bearer +(\S+) *$/i;

/** Lets in who knows the token. The port may be reachable for others on this machine, and for the browsers on it. */
@Injectable()
export class ManagementTokenGuard implements CanActivate {
  private readonly expected: Buffer | undefined;

  constructor(@Inject(managementToken) token: string | undefined) {
    this.expected = token === undefined ? undefined : digest(token);
  }

  canActivate(execution: ExecutionContext): true {
    const { authorization = '' } = execution.switchToHttp().getRequest<FastifyRequest>().headers;
    const headers = { 'www-authenticate': 'Bearer' };
    if (authorization === '') throw new Refusal('AUTH_CREDENTIALS_MISSING', { headers });
    const given = bearer.exec(authorization)?.[1] ?? '';
    // Digests are of one length, and comparing them tells nothing about the token.
    if (this.expected === undefined || !timingSafeEqual(digest(given), this.expected)) {
      throw new Refusal('AUTH_CREDENTIALS_REJECTED', { headers });
    }
    return true;
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
