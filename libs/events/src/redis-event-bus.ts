import { setImmediate } from 'node:timers/promises';

import type { LoggerService, OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';

import type { BusEvent, GatehouseEvent, GatehouseTopic } from './catalogue.js';
import { EventBus } from './event-bus.js';
import { Subscriptions } from './subscriptions.js';

const channel = 'gatehouse:events';

export interface RedisEventBusOptions {
  /** A connection whose other end is gone without a word is found out after twice this time. */
  readonly heartbeatMs?: number;
}

/** Redis publish/subscribe. Redis keeps nothing for a listener who is away: every reconnect is a gap. */
export class RedisEventBus extends EventBus implements OnApplicationShutdown {
  private readonly subscriptions: Subscriptions;
  private readonly gapListeners = new Set<() => void>();
  private readonly heartbeat: NodeJS.Timeout;
  private listening = false;
  private beatPending = false;

  /** `listener` must be a connection of its own: one that has subscribed takes no other commands. */
  constructor(
    private readonly sender: Redis,
    private readonly listener: Redis,
    private readonly logger: Pick<LoggerService, 'error' | 'warn'>,
    options: RedisEventBusOptions = {},
  ) {
    super();
    this.subscriptions = new Subscriptions(logger);
    listener.on('message', (_channel: string, text: string) => this.receive(text));
    listener.on('ready', () => void this.listen());
    listener.on('close', () => (this.listening = false));
    if (listener.status === 'ready') void this.listen();
    this.heartbeat = setInterval(() => void this.beat(), options.heartbeatMs ?? 250).unref();
  }

  get connected(): boolean {
    return this.listening;
  }

  async publish(event: BusEvent): Promise<void> {
    await this.sender.publish(channel, JSON.stringify(event));
  }

  subscribe<T extends GatehouseTopic>(topics: readonly T[], handler: (event: GatehouseEvent<T>) => void): () => void {
    return this.subscriptions.add(topics, handler);
  }

  onGap(listener: () => void): () => void {
    this.gapListeners.add(listener);
    return () => this.gapListeners.delete(listener);
  }

  /** The connections belong to whoever made them. */
  onApplicationShutdown(): void {
    clearInterval(this.heartbeat);
    this.listening = false;
  }

  private async listen(): Promise<void> {
    try {
      await this.listener.subscribe(channel);
    } catch (error) {
      this.startOver(`could not subscribe: ${String(error)}`);
      return;
    }
    this.listening = true;
    this.announceGap();
  }

  private receive(text: string): void {
    let event: BusEvent;
    try {
      event = JSON.parse(text) as BusEvent;
    } catch {
      // Something was said and not understood, which is as if it had been missed.
      this.logger.error('an event that is no JSON came in');
      this.announceGap();
      return;
    }
    this.subscriptions.deliver(event);
  }

  private async beat(): Promise<void> {
    if (!this.listening) return;
    if (this.beatPending) {
      // After a busy moment of this process the answer may be waiting to be read.
      await setImmediate();
      if (this.beatPending) this.startOver('the connection for events went silent');
      return;
    }
    this.beatPending = true;
    try {
      await this.listener.ping();
    } catch (error) {
      this.logger.warn(`no heartbeat on the connection for events: ${String(error)}`);
    } finally {
      this.beatPending = false;
    }
  }

  private startOver(reason: string): void {
    this.logger.warn(reason);
    this.listening = false;
    this.beatPending = false;
    this.listener.disconnect(true);
  }

  private announceGap(): void {
    for (const listener of this.gapListeners) listener();
  }
}
