import type { IncomingMessage } from 'node:http';

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import { EventBus } from '@libs/events';
import { ReadinessChecks } from '@libs/observability';
import type { Identity } from '@libs/trusted-headers';

import type { GatewayContext } from '../request/gateway-context.js';
import type { Tunnel } from './tunnel.js';
import { closeCodes } from './websocket-frames.js';

/** Tokens end by the second. */
const lookEveryMs = 250;
/** Should an event be lost, this is for how long it can do harm. */
const askEveryMs = 60_000;

/** Whether somebody who was let in would still be. */
export abstract class StreamAccess {
  /** Refuses as the stages of the pipeline do that decide who may enter. */
  abstract check(request: IncomingMessage): Promise<void>;
}

interface LiveStream {
  readonly context: GatewayContext;
  readonly request: IncomingMessage;
  readonly end: () => void;
  asksAt: number;
}

/**
 * WebSockets and streams of events go on for longer than the request that began them. They end as soon as that
 * request would not be let in any more: when the session is ended, the key revoked, the user disabled, the token over.
 */
@Injectable()
export class LiveStreams implements OnApplicationShutdown {
  private readonly streams = new Map<string, Set<LiveStream>>();
  private readonly all = new Set<LiveStream>();
  private readonly tunnels = new Set<Tunnel>();
  private readonly stopListening: readonly (() => void)[];
  private timer: NodeJS.Timeout | undefined = undefined;

  constructor(
    bus: EventBus,
    private readonly access: StreamAccess,
    readiness: ReadinessChecks,
  ) {
    readiness.onDrain(() => this.closeTunnels());
    this.stopListening = [
      bus.subscribe(['session.ended'], ({ payload }) => this.endAll(`session ${payload.sessionId}`)),
      bus.subscribe(['api-key.revoked'], ({ payload }) => this.endAll(`key ${payload.apiKeyId}`)),
      bus.subscribe(['user.deleted'], ({ payload }) => this.endAll(`user ${payload.userId}`)),
      bus.subscribe(['user.changed', 'membership.changed'], ({ payload }) => this.askAgain(`user ${payload.userId}`)),
      bus.subscribe(['tenant.changed'], ({ payload }) => this.askAgain(`tenant ${payload.tenantId}`)),
      bus.onGap(() => this.askLater(this.all)),
    ];
  }

  /** Returns the function that takes it off the list; undefined if it belongs to nobody, and so to anybody. */
  add(context: GatewayContext, request: IncomingMessage, end: () => void): (() => void) | undefined {
    if (context.identity.authMethod === 'none') return undefined;
    const stream: LiveStream = { context, request, end, asksAt: Date.now() + askEveryMs };
    const tags = tagsOf(context.identity);
    this.all.add(stream);
    for (const tag of tags) this.streams.set(tag, (this.streams.get(tag) ?? new Set()).add(stream));
    this.timer ??= setInterval(() => this.look(Date.now()), lookEveryMs).unref();
    return () => {
      this.all.delete(stream);
      for (const tag of tags) {
        const tagged = this.streams.get(tag);
        tagged?.delete(stream);
        if (tagged?.size === 0) this.streams.delete(tag);
      }
    };
  }

  /** Returns the function that takes it off the list. */
  addTunnel(tunnel: Tunnel): () => void {
    this.tunnels.add(tunnel);
    return () => void this.tunnels.delete(tunnel);
  }

  /** At a stop: their clients come back at once, to a gateway that goes on. */
  private closeTunnels(): void {
    for (const tunnel of this.tunnels) tunnel.close('draining', closeCodes.serviceRestart);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    for (const stop of this.stopListening) stop();
  }

  private look(now: number): void {
    for (const stream of this.all) {
      if (now >= stream.context.identityEndsAt) stream.end();
      else if (now >= stream.asksAt) void this.ask(stream);
    }
  }

  private endAll(tag: string): void {
    for (const stream of this.streams.get(tag) ?? []) stream.end();
  }

  private askAgain(tag: string): void {
    this.askLater(this.streams.get(tag) ?? []);
  }

  /** When everybody who remembers something about the user has heard the event too. */
  private askLater(streams: Iterable<LiveStream>): void {
    const asked = [...streams];
    if (asked.length > 0) setImmediate(() => asked.forEach((stream) => void this.ask(stream)));
  }

  /** Whether it is somebody else's fault that nobody can tell makes no difference: in doubt the door is shut. */
  private async ask(stream: LiveStream): Promise<void> {
    stream.asksAt = Date.now() + askEveryMs;
    const { request } = stream;
    try {
      await this.access.check(request);
    } catch {
      if (this.all.has(stream)) stream.end();
    }
  }
}

function tagsOf({ sessionId, apiKeyId, userId, tenantId }: Identity): string[] {
  const tags = [`user ${userId}`];
  if (sessionId !== '') tags.push(`session ${sessionId}`);
  if (apiKeyId !== '') tags.push(`key ${apiKeyId}`);
  if (tenantId !== '') tags.push(`tenant ${tenantId}`);
  return tags;
}
