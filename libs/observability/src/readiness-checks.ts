import { Injectable } from '@nestjs/common';

/** Rejects when what it checks cannot be used. */
export type ReadinessCheck = () => Promise<void>;

/** What must work before this process can be given requests, and whether it still wants any. */
@Injectable()
export class ReadinessChecks {
  readonly #checks = new Map<string, ReadinessCheck>();
  #isDraining = false;

  add(name: string, check: ReadinessCheck): void {
    if (this.#checks.has(name)) throw new Error(`There is a readiness check called ${name} already.`);
    this.#checks.set(name, check);
  }

  entries(): readonly (readonly [string, ReadinessCheck])[] {
    return [...this.#checks];
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** From now on the process is not ready, for good: balancers stop sending requests. */
  drain(): void {
    this.#isDraining = true;
  }
}
