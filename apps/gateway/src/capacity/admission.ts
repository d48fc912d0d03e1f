import type { ServerResponse } from 'node:http';

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Gauge } from 'prom-client';

import { Metrics } from '@libs/observability';

import type { ProtectionConfig } from '../configuration/schema/protection.schema.js';
import { Snapshots } from '../runtime/snapshots.js';
import type { GatewayContext } from '../request/gateway-context.js';
import { AdaptiveLimit } from './adaptive-limit.js';
import { LoopDelay } from './loop-delay.js';
import { PenaltyBox } from './penalty-box.js';
import { WaitingRoom } from './waiting-room.js';

const adjustEveryMs = 200;

/** What has come in while this process was paused is no overload, as long as it is not more than this. */
const ofOnePause = 256;

/**
 * Lets requests in, or refuses them before they cost anything: more than the configured number at once, or more
 * than this process can answer in time. Those whose answer has begun are counted no more against the latter: an
 * event stream may stay open for hours and costs nothing meanwhile. Neither are those whose body is still to come.
 */
@Injectable()
export class Admission implements OnApplicationShutdown {
  private readonly adaptive = new AdaptiveLimit();
  private readonly delay = new LoopDelay();
  private readonly waiting = new WaitingRoom();
  private running = 0;
  private peak = 0;
  private refused = 0;
  private turn = 0;
  private lateOfTurn = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly snapshots: Snapshots,
    private readonly penalties: PenaltyBox,
    metrics: Metrics,
  ) {
    metrics.own('gateway_requests_running', (registers) => {
      const help = 'Requests whose answer has not ended, without WebSockets and streams';
      const collect = gauge(() => this.running);
      return new Gauge({ name: 'gateway_requests_running', help, registers, collect });
    });
    metrics.own('gateway_admission_limit', (registers) => {
      const help = 'Requests that may wait for their answer at once; +Inf while the event loop is in time';
      const collect = gauge(() => this.adaptive.value);
      return new Gauge({ name: 'gateway_admission_limit', help, registers, collect });
    });
  }

  /** Refuses, or counts the request until its answer has ended. */
  enter(context: GatewayContext, response: ServerResponse): void {
    const { requests, adaptive } = this.snapshots.current.configuration.protection;
    if (this.running >= requests || this.waiting.size >= this.limitOf(context, adaptive)) {
      this.refused++;
      throw this.penalties.refusal('SERVICE_OVERLOADED', 'too much at once');
    }
    this.running++;
    const place = this.waiting.enter(response);
    if (this.waiting.size > this.peak) this.peak = this.waiting.size;
    context.place = place;
    response.once('close', () => this.leave(context));
    this.watch();
  }

  onApplicationShutdown(): void {
    this.stopWatching();
  }

  /** Its body is still to come: that costs nothing meanwhile. */
  rest({ place }: GatewayContext): void {
    if (place !== undefined) this.waiting.leave(place);
  }

  /** Its body has come. */
  goOn({ place }: GatewayContext): void {
    if (place === undefined || place.response.headersSent) return;
    this.waiting.enterAgain(place);
    if (this.waiting.size > this.peak) this.peak = this.waiting.size;
  }

  /** It is counted no more: it has ended, or become what others count. */
  leave(context: GatewayContext): void {
    const { place } = context;
    if (place === undefined) return;
    context.place = undefined;
    this.running--;
    this.waiting.leave(place);
  }

  /**
   * A turn reads from every socket that has something to say, those of new requests among them, and may go on for
   * seconds. No timer fires meanwhile, so whoever lets in more has to look at the clock.
   */
  private limitOf({ facts }: GatewayContext, { delay, floor }: ProtectionConfig['adaptive']): number {
    if (this.delay.latenessAt(facts.startedAt) <= delay) return this.adaptive.value;
    if (this.turn !== this.delay.turn) {
      this.turn = this.delay.turn;
      this.lateOfTurn = 0;
    }
    return ++this.lateOfTurn <= ofOnePause ? this.adaptive.value : Math.min(floor, this.adaptive.value);
  }

  private watch(): void {
    if (this.timer !== undefined || !this.snapshots.current.configuration.protection.adaptive.enabled) return;
    this.delay.start();
    this.timer = setInterval(() => this.adjust(), adjustEveryMs).unref();
  }

  private adjust(): void {
    const { adaptive } = this.snapshots.current.configuration.protection;
    this.waiting.dismissAnswered();
    const delayMs = this.delay.takeShortest();
    if (delayMs === undefined) return;
    const { peak, refused } = this;
    this.adaptive.adjust({ delayMs, peak, refused }, { targetMs: adaptive.delay, floor: adaptive.floor });
    this.peak = this.waiting.size;
    this.refused = 0;
    if (peak === 0 && this.adaptive.value === Infinity) this.stopWatching();
  }

  private stopWatching(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.delay.stop();
  }
}

const gauge = (read: () => number) =>
  function (this: Gauge): void {
    this.set(read());
  };
