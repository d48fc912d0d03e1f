import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

import type { Dispatcher } from 'undici';

import type { GatewayContext } from '../gateway-context.js';
import { answerHeaders } from './answer-headers.js';
import { type UpstreamFailure, upstreamFailure } from './upstream-failure.js';

/**
 * One attempt at one instance: streams the answer to the client as fast as the client takes it. Resolves when the
 * answer has ended, one way or the other; with a failure if nothing of it has reached the client yet.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly ended: Promise<UpstreamFailure | undefined>;
  private end: (failure: UpstreamFailure | undefined) => void = () => undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private isWaitingForDrain = false;
  private readonly startedAt = performance.now();

  constructor(
    private readonly context: GatewayContext,
    private readonly response: ServerResponse,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    response.once('close', this.onClientClosed);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.response.destroyed) this.onClientClosed();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Interim answers are between the service and the gateway.
    if (status < 200) return;
    if (this.response.headersSent) return controller.abort(new Error('The request was refused in the meantime'));
    this.context.upstreamMs = performance.now() - this.startedAt;
    this.response.writeHead(status, answerHeaders(this.context, status, headers));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.context.bytesOut += chunk.length;
    if (this.response.write(chunk) || this.isWaitingForDrain) return;
    this.isWaitingForDrain = true;
    controller.pause();
    this.response.once('drain', () => {
      this.isWaitingForDrain = false;
      controller.resume();
    });
  }

  onResponseEnd(): void {
    this.response.end();
    this.finish(undefined);
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: unknown): void {
    const failure = upstreamFailure(error, this.controller !== undefined);
    if (this.context.upstreamMs === 0) this.context.upstreamMs = performance.now() - this.startedAt;
    if (!this.response.headersSent) return this.finish(failure);
    // Half an answer must not look like a whole one: the client sees its connection break.
    this.context.flag ||= failure.flag;
    this.response.destroy();
    this.finish(undefined);
  }

  private readonly onClientClosed = (): void => {
    if (this.response.writableFinished) return;
    this.context.flag ||= 'client_gone';
    this.finish(undefined);
    this.controller?.abort(new Error('The client is gone'));
  };

  private finish(failure: UpstreamFailure | undefined): void {
    this.response.off('close', this.onClientClosed);
    this.end(failure);
  }
}
