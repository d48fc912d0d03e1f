import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';

import { ComparedClock } from '@libs/clock';

import { contextOf } from '../../../request/gateway-context.js';
import { spendDeferredAddressLimit } from '../../../request/deferred-address-limit.js';
import { rejected } from '../credentials/challenge.js';
import { readJws } from './compact-jws.js';
import { JwtGuard } from './jwt.guard.js';
import { JwtStrategy } from './jwt.strategy.js';
import type { TokenClock } from './token-clock.js';
import { TokenVerifier } from './token-verifier.js';
import type { TrustedIssuer } from '../issuers/trusted-issuer.js';
import type { VerifiedToken } from './verified-token.js';

/** About 1 KiB each; those that are much longer are fewer. */
const maxTokens = 20_000;
const maxCharacters = 32 * 1024 * 1024;

/**
 * Verifies bearer tokens, each one once: a signature costs more than all else that the gateway does with a
 * request. Whether the session behind a token still lives is asked elsewhere, for every request.
 */
export class BearerTokens extends TokenVerifier {
  private readonly verified = new LRUCache<string, VerifiedToken>({
    max: maxTokens,
    maxSize: maxCharacters,
    sizeCalculation: (_verified, token) => token.length,
  });
  private readonly endings: (() => void)[] = [];
  private readonly issuers = new Map<string, { guard: JwtGuard; strategy: JwtStrategy }>();

  constructor(
    issuers: readonly TrustedIssuer[],
    private readonly clock: TokenClock = new ComparedClock(),
  ) {
    super();
    for (const { config, keys } of issuers) {
      const strategy = new JwtStrategy(config, keys, clock);
      this.issuers.set(config.issuer, { guard: new JwtGuard(strategy), strategy });
      this.endings.push(keys.onWithdrawal(() => this.verified.clear()));
    }
  }

  async verify(token: string, execution: ExecutionContext): Promise<VerifiedToken> {
    const known = this.verified.get(token);
    if (known !== undefined && this.clock.latest() < known.expiresAt) return known;

    const request = execution.switchToHttp().getRequest<FastifyRequest & { user: VerifiedToken }>();
    await spendDeferredAddressLimit(contextOf(request));
    const { iss } = readJws(token).claims;
    const issuer = typeof iss === 'string' ? this.issuers.get(iss) : undefined;
    if (issuer === undefined) throw rejected('the issuer is not trusted');
    await issuer.guard.canActivate(execution);

    const { user } = request;
    this.verified.set(token, user);
    return user;
  }

  /** The keys belong to whoever gave them. */
  close(): void {
    for (const { strategy } of this.issuers.values()) strategy.close();
    for (const end of this.endings) end();
  }
}
