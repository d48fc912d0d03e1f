import type { Client } from './wire/upstream-call.js';

export interface ShareLimits {
  /** Requests of one client that may be at the instance, or wait for a connection to it. */
  readonly most: number;
  /** Those that may wait until one of these has ended. */
  readonly queue: number;
}

/** What one address, or one user, has. It stays for as long as a request of theirs does, and until the next sweep. */
interface Held {
  running: number;
  waiting: number;
}

/** A place at an instance. */
export class Place {
  private isLeft = false;

  constructor(
    private readonly shares: ClientShares,
    private readonly ofNetwork: Held,
    private readonly ofUser: Held | undefined,
  ) {}

  /** Once is enough. */
  leave(): void {
    if (this.isLeft) return;
    this.isLeft = true;
    this.ofNetwork.running--;
    if (this.ofUser !== undefined) this.ofUser.running--;
    this.shares.onRoom();
  }
}

interface Waiting {
  readonly ofNetwork: Held;
  readonly ofUser: Held | undefined;
  readonly until: number;
  readonly isWanted: () => boolean;
  readonly answer: (place: Place | undefined) => void;
}

/**
 * What an instance takes at once is for all clients: one address, or one user, has no more than a share of it. Counters
 * are kept between requests, because a map that grows and shrinks all the time costs more than what is in it.
 */
export class ClientShares {
  private readonly networks = new Map<string, Held>();
  private readonly users = new Map<string, Held>();
  private waiting: Waiting[] = [];

  constructor(public limits: ShareLimits) {}

  /** A place, if the client may have one more. */
  take({ network, userId }: Client): Place | undefined {
    const ofNetwork = heldBy(this.networks, network);
    const ofUser = userId === '' ? undefined : heldBy(this.users, userId);
    return this.mayRun(ofNetwork, ofUser) ? this.begin(ofNetwork, ofUser) : undefined;
  }

  /** Resolves when it is the client's turn; undefined: it did not come in time, or too many of theirs wait already. */
  turn({ network, userId }: Client, until: number, isWanted: () => boolean): Promise<Place | undefined> {
    const ofNetwork = heldBy(this.networks, network);
    const ofUser = userId === '' ? undefined : heldBy(this.users, userId);
    if (Math.max(ofNetwork.waiting, ofUser?.waiting ?? 0) >= this.limits.queue) return Promise.resolve(undefined);
    ofNetwork.waiting++;
    if (ofUser !== undefined) ofUser.waiting++;
    return new Promise((answer) => this.waiting.push({ ofNetwork, ofUser, until, isWanted, answer }));
  }

  onRoom(): void {
    if (this.waiting.length > 0) this.serve(-Infinity);
  }

  /** Called often: ends what has waited too long, and forgets those who have nothing. */
  sweep(now: number): void {
    if (this.waiting.length > 0) this.serve(now);
    for (const held of [this.networks, this.users]) {
      for (const [name, { running, waiting }] of held) if (running + waiting === 0) held.delete(name);
    }
  }

  private serve(now: number): void {
    this.waiting = this.waiting.filter((each) => {
      const { ofNetwork, ofUser } = each;
      const isWanted = now < each.until && each.isWanted();
      if (isWanted && !this.mayRun(ofNetwork, ofUser)) return true;
      ofNetwork.waiting--;
      if (ofUser !== undefined) ofUser.waiting--;
      each.answer(isWanted ? this.begin(ofNetwork, ofUser) : undefined);
      return false;
    });
  }

  private mayRun(ofNetwork: Held, ofUser: Held | undefined): boolean {
    const { most } = this.limits;
    return ofNetwork.running < most && (ofUser === undefined || ofUser.running < most);
  }

  private begin(ofNetwork: Held, ofUser: Held | undefined): Place {
    ofNetwork.running++;
    if (ofUser !== undefined) ofUser.running++;
    return new Place(this, ofNetwork, ofUser);
  }
}

function heldBy(all: Map<string, Held>, name: string): Held {
  let held = all.get(name);
  if (held === undefined) all.set(name, (held = { running: 0, waiting: 0 }));
  return held;
}
