import { Agent, get, type IncomingMessage } from 'node:http';

/** Clients that ask again as soon as they were answered. */
export class Load {
  readonly statuses = new Map<number, number>();
  private readonly agent: Agent;
  private isStopped = false;
  private readonly clients: Promise<void>[];

  constructor(
    private readonly url: string,
    { clients = 8 } = {},
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: clients });
    this.clients = Array.from({ length: clients }, () => this.ask());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all(this.clients);
    this.agent.destroy();
  }

  private async ask(): Promise<void> {
    while (!this.isStopped) {
      const status = await new Promise<number>((resolve) => {
        const request = get(this.url, { agent: this.agent }, (answer: IncomingMessage) => {
          answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
          answer.on('error', () => resolve(0));
        });
        request.on('error', () => resolve(0));
      });
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    }
  }
}
