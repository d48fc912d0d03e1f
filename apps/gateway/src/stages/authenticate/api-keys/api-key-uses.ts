import { Logger } from '@nestjs/common';

import type { ApiKeyServiceService, GrpcClient } from '@libs/grpc';

type UsesClient = Pick<GrpcClient<typeof ApiKeyServiceService>, 'recordApiKeyUses'>;

const everyMs = 10_000;
const maxInOneCall = 1_000;
/** What auth-service could not be told meanwhile; of more keys than these the last use is not known. */
const maxHeld = 50_000;
const deadlineMs = 2_000;

interface Use {
  readonly time: Date;
  readonly clientAddress: string;
}

/** Gathers which keys are in use and tells auth-service now and then, so that a request with a key costs no call. */
export class ApiKeyUses {
  private readonly logger = new Logger(ApiKeyUses.name);
  private uses = new Map<string, Use>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly client: UsesClient,
    private readonly clock: () => number = Date.now,
  ) {
    this.timer = setInterval(() => void this.tell(), everyMs).unref();
  }

  note(apiKeyId: string, clientAddress: string): void {
    if (this.uses.size >= maxHeld && !this.uses.has(apiKeyId)) return;
    this.uses.set(apiKeyId, { time: new Date(this.clock()), clientAddress });
  }

  async tell(): Promise<void> {
    const told = this.uses;
    this.uses = new Map();
    const all = [...told].map(([apiKeyId, use]) => ({ apiKeyId, ...use }));
    for (let from = 0; from < all.length; from += maxInOneCall) {
      const uses = all.slice(from, from + maxInOneCall);
      try {
        await this.client.recordApiKeyUses({ uses }, { as: 'service', deadlineMs });
      } catch (error) {
        this.logger.warn(`auth-service does not hear of the last uses of API keys: ${String(error)}`);
        this.keepForLater(all.slice(from));
        return;
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.tell();
  }

  /** A later use of the same key has come in meanwhile and counts. */
  private keepForLater(uses: readonly (Use & { readonly apiKeyId: string })[]): void {
    for (const { apiKeyId, time, clientAddress } of uses) {
      if (this.uses.size < maxHeld && !this.uses.has(apiKeyId)) this.uses.set(apiKeyId, { time, clientAddress });
    }
  }
}
