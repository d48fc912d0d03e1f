import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

/** grpc.health.v1 for the whole server (the empty name) and for each of its services. */
export class ServerHealth {
  readonly #names: readonly string[];
  readonly #health: HealthImplementation;

  constructor(services: readonly string[]) {
    this.#names = ['', ...services];
    this.#health = new HealthImplementation(Object.fromEntries(this.#names.map((name) => [name, 'SERVING'])));
  }

  setServing(isServing: boolean): void {
    for (const name of this.#names) this.#health.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
  }

  addTo(server: Server): void {
    this.#health.addToServer(server);
  }
}
