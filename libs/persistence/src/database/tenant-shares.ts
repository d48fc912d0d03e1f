import { DatabaseUnavailable } from './database-unavailable.js';

interface Share {
  taken: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets no tenant have more than a share of what all need: who has theirs waits for themselves, and the others for nobody.
 * What belongs to no tenant has no bound.
 */
export class TenantShares {
  private readonly shares = new Map<string, Share>();

  constructor(
    private readonly most: number,
    private readonly patienceMs: number,
  ) {}

  /** Resolves to what gives the place back, once. Rejects as a database that is too busy, for this tenant alone. */
  async take(tenantId: string): Promise<() => void> {
    if (tenantId === '') return () => undefined;
    const share = this.shares.get(tenantId) ?? { taken: 0, waiting: [] };
    this.shares.set(tenantId, share);
    if (share.taken < this.most) share.taken += 1;
    else await this.turnIn(share);

    let isHeld = true;
    return () => {
      if (isHeld) this.giveBack(tenantId, share);
      isHeld = false;
    };
  }

  private turnIn({ waiting }: Share): Promise<void> {
    return new Promise((resolve, reject) => {
      const next = (): void => {
        clearTimeout(patience);
        resolve();
      };
      const patience = setTimeout(() => {
        waiting.splice(waiting.indexOf(next), 1);
        reject(new DatabaseUnavailable(new Error('the tenant has its share of the connections')));
      }, this.patienceMs);
      waiting.push(next);
    });
  }

  /** The place goes to the next one who waits, so that it stays taken. */
  private giveBack(tenantId: string, share: Share): void {
    const next = share.waiting.shift();
    if (next !== undefined) return next();
    share.taken -= 1;
    if (share.taken === 0) this.shares.delete(tenantId);
  }
}
