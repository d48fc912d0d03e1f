import { Injectable } from '@nestjs/common';

/**
 * Rejects when what it checks cannot be used. What it resolves to is shown to everybody who probes: nothing in it may
 * be for operators only. The reasons of a rejection are.
 */
export type ReadinessCheck = () => Promise<ReadinessDetails | void>;

export type ReadinessDetails = Readonly<Record<string, string | number | boolean>>;

/** For a check whose reason everybody may know who probes. */
export class NotReady extends Error {
  override readonly name = 'NotReady';

  constructor(
    message: string,
    readonly details: ReadinessDetails,
  ) {
    super(message);
  }
}

/** What must work before this process can be given requests, and whether it still wants any. */
@Injectable()
export class ReadinessChecks {
  readonly #checks = new Map<string, ReadinessCheck>();
  #isRetired = false;
  #isDraining = false;
  readonly #onDrain: (() => void)[] = [];

  add(name: string, check: ReadinessCheck): void {
    if (this.#checks.has(name)) throw new Error(`There is a readiness check called ${name} already.`);
    this.#checks.set(name, check);
  }

  entries(): readonly (readonly [string, ReadinessCheck])[] {
    return [...this.#checks];
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** From now on the process is not ready, for good: balancers stop sending requests. */
  retire(): void {
    this.#isRetired = true;
  }

  /** And those that still come are the last of their connections. */
  drain(): void {
    this.retire();
    this.#isDraining = true;
    for (const listener of this.#onDrain.splice(0)) listener();
  }

  /** Calls the listener once, when the process begins to let go of its connections. */
  onDrain(listener: () => void): void {
    this.#onDrain.push(listener);
  }
}
