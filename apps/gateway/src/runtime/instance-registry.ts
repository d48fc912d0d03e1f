import { Injectable } from '@nestjs/common';

import { Snapshots } from './snapshots.js';
import type { EjectionReason } from '../instances/ejection.js';
import type { Instance } from '../instances/instance.js';
import type { InstancePool } from '../instances/pool/instance-pool.js';
import type { Service } from '../instances/pool/service.js';

export type EjectionListener = (instance: Instance, because: EjectionReason) => void;

/** What the operator may say about an instance. What is absent stays as it is. */
export interface Override {
  /** True: it finishes what it has and gets nothing new. */
  readonly isDrained?: boolean;
  /** 1 to 1000, instead of the configured weight; null: the configured one again. */
  readonly weight?: number | null;
}

/**
 * The instances in force, by service and origin. One that stays from snapshot to snapshot stays the same object, with
 * all that is known about it; one that went is marked as gone, so that its connections can be closed.
 */
@Injectable()
export class InstanceRegistry {
  private services: ReadonlyMap<string, Service> = new Map();
  private readonly ejectionListeners: EjectionListener[] = [];
  private readonly adoptionListeners: (() => void)[] = [];

  constructor(snapshots: Snapshots) {
    this.adopt(snapshots.current.services);
    snapshots.onSwap(({ services }) => this.adopt(services));
  }

  list(): Service[] {
    return [...this.services.values()];
  }

  all(): Instance[] {
    return this.list().flatMap(({ pool }) => pool.members);
  }

  /** `origin`: scheme, host and port. Undefined when the snapshot in force does not name it. */
  find(service: string, origin: string): Instance | undefined {
    return this.services.get(service)?.pool.members.find(({ model }) => model.origin === origin);
  }

  /** Holds until the instance goes, whatever else changes in the configuration. */
  override({ pool, state }: Instance, { isDrained, weight }: Override): void {
    if (isDrained !== undefined) state.isDrained = isDrained;
    if (weight !== undefined) state.weightOverride = weight ?? undefined;
    pool.changed();
  }

  onEjection(listener: EjectionListener): void {
    this.ejectionListeners.push(listener);
  }

  /** Another snapshot is in force: instances may have come, gone or changed. */
  onAdoption(listener: () => void): void {
    this.adoptionListeners.push(listener);
  }

  private adopt(services: ReadonlyMap<string, Service>): void {
    const before = this.services;
    this.services = services;
    const pools = new Set<InstancePool>();
    for (const service of services.values()) {
      pools.add(service.pool);
      service.pool.onEjection = this.announceEjection;
      service.pool.adopt(service);
    }
    for (const { pool } of before.values()) if (!pools.has(pool)) pool.retire();
    for (const listener of this.adoptionListeners) listener();
  }

  private readonly announceEjection: EjectionListener = (instance, because) => {
    for (const listener of this.ejectionListeners) listener(instance, because);
  };
}
