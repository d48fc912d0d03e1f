import { isDeepStrictEqual } from 'node:util';

import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';

import { Names } from '@libs/names';

import { ClientTls } from '../../tls/client-tls.js';
import { attention } from '../attention.js';
import type { Instance } from '../instance.js';
import { InstanceRegistry } from '../../runtime/instance-registry.js';
import { checkFor } from './check-for.js';
import type { Verdict } from './check-tally.js';
import { CheckedInstance } from './checked-instance.js';
import { judge } from './judge.js';

/** Keeps asking the instances in force how they are, where the configuration says how to ask. */
@Injectable()
export class HealthChecks implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Health');
  private readonly running = new Map<Instance, CheckedInstance>();
  private isStopped = false;

  constructor(
    private readonly registry: InstanceRegistry,
    private readonly names: Names,
  ) {}

  onApplicationBootstrap(): void {
    attention.begin();
    this.follow();
    this.registry.onAdoption(() => this.follow());
  }

  onApplicationShutdown(): void {
    this.isStopped = true;
    for (const checked of this.running.values()) checked.end();
    this.running.clear();
  }

  private follow(): void {
    if (this.isStopped) return;
    const inForce = new Set(this.registry.all());
    for (const instance of this.running.keys()) if (!inForce.has(instance)) this.end(instance);
    for (const instance of inForce) this.update(instance);
  }

  private update(instance: Instance): void {
    const { tls, health } = instance.pool.config;
    const { check } = health;
    const running = this.running.get(instance);
    if (running !== undefined && isDeepStrictEqual(running.settings, { check, tls })) return;
    this.end(instance);
    if (check === undefined) {
      // Nobody asks any more, so nobody could say that it is well again.
      instance.state.lastCheck = undefined;
      judge(instance, 'healthy', performance.now());
      return;
    }
    const clientTls = new ClientTls(tls);
    const asking = checkFor(instance.model.origin, check, (host) => clientTls.options(host), this.names);
    const checked = new CheckedInstance(instance, { check, tls }, asking, this.onVerdict);
    this.running.set(instance, checked);
    checked.begin();
  }

  private end(instance: Instance): void {
    const checked = this.running.get(instance);
    if (checked === undefined) return;
    checked.end();
    this.running.delete(instance);
  }

  private readonly onVerdict = (instance: Instance, verdict: Verdict, reason: string): void => {
    if (!judge(instance, verdict, performance.now())) return;
    const line = { msg: `instance is ${verdict}`, upstream: instance.service, instance: instance.model.origin, reason };
    if (verdict === 'healthy') this.logger.log(line);
    else this.logger.warn(line);
  };
}
