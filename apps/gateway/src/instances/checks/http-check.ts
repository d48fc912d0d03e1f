import { Agent as HttpAgent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

import type { HealthCheck } from './health-check.js';

/** Asks for a path, on a connection of its own that is kept. */
export class HttpCheck implements HealthCheck {
  private readonly agent: HttpAgent;
  private readonly url: URL;
  private readonly statuses: ReadonlySet<number>;

  constructor(
    origin: URL,
    { path, statuses }: { path: string; statuses: readonly number[] },
    private readonly tls: () => ConnectionOptions,
    private readonly lookup: LookupFunction,
  ) {
    this.url = new URL(path, origin);
    this.statuses = new Set(statuses);
    const options = { keepAlive: true, maxSockets: 1 };
    this.agent = this.isSecure ? new HttpsAgent(options) : new HttpAgent(options);
  }

  async ask(signal: AbortSignal): Promise<void> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = this.send(signal, resolve);
      request.on('error', reject);
      request.end();
    });
    const { statusCode = 0 } = answer;
    // What it says besides does not matter, but a connection can be used again only when it has been read.
    answer.on('error', () => undefined).resume();
    if (!this.statuses.has(statusCode)) throw new Error(`answered ${statusCode}`);
  }

  close(): void {
    this.agent.destroy();
  }

  private get isSecure(): boolean {
    return this.url.protocol === 'https:';
  }

  private send(signal: AbortSignal, onAnswer: (answer: IncomingMessage) => void): ClientRequest {
    const options = { agent: this.agent, lookup: this.lookup, signal, headers: { 'user-agent': 'gatehouse-check' } };
    if (!this.isSecure) return requestHttp(this.url, options, onAnswer);
    return requestHttps(this.url, { ...options, ...this.tls() }, onAnswer);
  }
}
