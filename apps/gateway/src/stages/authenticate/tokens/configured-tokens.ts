import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { type ExecutionContext, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import type { IssuerConfig } from '../../../configuration/schema/authentication.schema.js';
import type { Snapshot } from '../../../runtime/snapshot.js';
import type { Snapshots } from '../../../runtime/snapshots.js';
import { contextOf } from '../../../request/gateway-context.js';
import { BearerTokens } from './bearer-tokens.js';
import type { TokenClock } from './token-clock.js';
import { TokenVerifier } from './token-verifier.js';
import type { TrustedIssuer } from '../issuers/trusted-issuer.js';
import type { VerifiedToken } from './verified-token.js';

/** Requests that came in before a change are done with their token by then. */
const goneAfterMs = 30_000;

interface Generation {
  readonly tokens: BearerTokens;
  /** The issuers, by everything that decides about them. */
  readonly issuers: ReadonlyMap<string, TrustedIssuer>;
}

/**
 * Verifies tokens by the issuers of the configuration that the request goes by. When the issuers change, those that
 * stay keep their keys, and what others have signed is not taken any more.
 */
@Injectable()
export class ConfiguredTokens extends TokenVerifier implements OnApplicationShutdown {
  private readonly generations = new WeakMap<readonly IssuerConfig[], Generation>();
  private readonly leaving = new Set<() => void>();
  private latest: Generation;

  constructor(
    snapshots: Snapshots,
    private readonly trust: (issuer: IssuerConfig) => TrustedIssuer,
    private readonly clock: TokenClock,
  ) {
    super();
    this.latest = this.follow(snapshots.current, new Map());
    snapshots.onSwap((next) => this.change(next));
  }

  verify(token: string, execution: ExecutionContext): Promise<VerifiedToken> {
    const { snapshot } = contextOf(execution.switchToHttp().getRequest<FastifyRequest>());
    const { tokens } = this.generations.get(issuersOf(snapshot)) ?? this.latest;
    return tokens.verify(token, execution);
  }

  onApplicationShutdown(): void {
    for (const leave of this.leaving) leave();
    this.latest.tokens.close();
    for (const { keys } of this.latest.issuers.values()) keys.close();
  }

  private change(next: Snapshot): void {
    const before = this.latest;
    this.latest = this.follow(next, before.issuers);
    if (this.latest === before) return;
    const { issuers } = this.latest;
    const gone = [...before.issuers].filter(([key]) => !issuers.has(key)).map(([, issuer]) => issuer);
    const leave = (): void => {
      clearTimeout(timer);
      this.leaving.delete(leave);
      before.tokens.close();
      for (const { keys } of gone) keys.close();
    };
    const timer = setTimeout(leave, goneAfterMs).unref();
    this.leaving.add(leave);
  }

  private follow(snapshot: Snapshot, known: Generation['issuers']): Generation {
    const issuers = new Map(
      issuersOf(snapshot)
        .map((config) => [keyOf(config), config] as const)
        .map(([key, config]) => [key, known.get(key) ?? this.trust(config)]),
    );
    const isSame = issuers.size === known.size && [...issuers.keys()].every((key) => known.has(key));
    const generation =
      isSame && known.size > 0 ? this.latest : { issuers, tokens: new BearerTokens([...issuers.values()], this.clock) };
    this.generations.set(issuersOf(snapshot), generation);
    return generation;
  }
}

const issuersOf = ({ configuration }: Snapshot): readonly IssuerConfig[] => configuration.authentication.jwt.issuers;

/** Of a key in a file, the key counts, not only the name of the file. */
function keyOf(config: IssuerConfig): string {
  const { publicKeyFile } = config;
  const file =
    publicKeyFile === undefined ? '' : createHash('sha256').update(readFileSync(publicKeyFile)).digest('hex');
  return JSON.stringify(config) + file;
}
