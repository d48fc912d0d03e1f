import { Body, Controller, Get, Logger, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';

import { Refusal } from '@libs/errors';

import { InstanceRegistry } from '../../runtime/instance-registry.js';
import { type InstanceView, viewOf } from '../../instances/pool/instance-view.js';
import type { Service } from '../../instances/pool/service.js';
import { ManagementCalls } from './management-call.js';
import { InstanceOverride, InstanceSchema, ServiceList, ServiceView } from './service.view.js';

@ManagementCalls('services')
@Controller('services')
export class ServicesController {
  private readonly logger = new Logger('Management');

  constructor(private readonly registry: InstanceRegistry) {}

  @Get()
  @ApiOperation({ summary: 'List the services with their instances, and how they do', operationId: 'listServices' })
  @ApiResponse({ status: 200, standardSchema: ServiceList })
  list(): ServiceList {
    const now = performance.now();
    return { items: this.registry.list().map((service) => view(service, now)) };
  }

  @Get(':name')
  @ApiOperation({ summary: 'Read a service', operationId: 'getService' })
  @ApiResponse({ status: 200, standardSchema: ServiceView })
  get(@Param('name') name: string): ServiceView {
    const service = this.registry.list().find((candidate) => candidate.name === name);
    if (service === undefined) throw new Refusal('RESOURCE_NOT_FOUND', { detail: `There is no service ${name}.` });
    return view(service, performance.now());
  }

  @Put(':name/instances/:instance')
  @ApiOperation({
    summary: 'Drain an instance, or give it another weight; in this gateway, until it goes or the gateway ends',
    operationId: 'overrideInstance',
  })
  @ApiParam({ name: 'instance', description: 'Its host and port, or its URL with escapes.', example: '10.0.0.7:3003' })
  @ApiResponse({ status: 200, standardSchema: InstanceSchema })
  override(
    @Param('name') name: string,
    @Param('instance') instance: string,
    @Body({ schema: InstanceOverride }) { drain, weight }: InstanceOverride,
  ): InstanceView {
    const found = this.get(name).instances.find(({ url }) => namesOf(url).includes(instance.toLowerCase()));
    const known = found === undefined ? undefined : this.registry.find(name, found.url);
    if (known === undefined) {
      throw new Refusal('RESOURCE_NOT_FOUND', { detail: `${name} has no instance ${instance}.` });
    }
    this.registry.override(known, { isDrained: drain, weight });
    this.logger.log({ msg: 'an instance was overridden', upstream: name, instance: known.model.origin, drain, weight });
    return viewOf(known);
  }
}

/** How an operator may name it: by its URL, or by host and port, even if the port goes without saying. */
function namesOf(url: string): string[] {
  const { host, hostname, port, protocol } = new URL(url);
  return [url, host, `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`];
}

const view = ({ name, config, pool }: Service, now: number): ServiceView => ({
  name,
  balance: config.balance,
  available: pool.isAvailable(now),
  panic: pool.isInPanic,
  instances: pool.members.map((instance) => viewOf(instance, now)),
});
