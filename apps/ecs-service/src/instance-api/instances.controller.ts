import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import type { ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { InstanceReader } from './instance-reader.js';
import { viewInstance } from './instance-view.js';
import { CreateInstance, InstancePage, InstanceView, ListInstances } from './instance.schema.js';
import { InstancesService } from './instances.service.js';

/** `{id}:start`: Fastify needs the id's pattern to see that it ends before the colon, and `::` for a plain colon. */
const idBeforeColon = ':id(^[^:/]+)';

@ApiTags('ecs')
@Access({ permission: 'instances:read' })
@Controller('ecs/instances')
export class InstancesController {
  constructor(
    private readonly reader: InstanceReader,
    private readonly instances: InstancesService,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List the instances in the projects that the caller may read',
    operationId: 'listInstances',
  })
  @ApiResponse({ status: 200, standardSchema: InstancePage })
  async list(
    @CurrentIdentity() identity: Identity,
    @Query({ schema: ListInstances }) query: ListInstances,
  ): Promise<InstancePage> {
    const { items, nextPageToken } = await this.reader.list(identity, query);
    return { items: items.map(viewInstance), nextPageToken };
  }

  @Access({ permission: 'instances:write' })
  @Post()
  @ApiOperation({ summary: 'Create an instance in a project', operationId: 'createInstance' })
  @ApiResponse({ status: 201, standardSchema: InstanceView })
  @ApiRefusal('RESOURCE_NOT_FOUND', 'there is no such project')
  @ApiRefusal('RESOURCE_ARCHIVED', 'the project is archived')
  @ApiRefusal('TENANT_QUOTA_EXCEEDED', 'the plan of the tenant has no room for another instance')
  async create(
    @CurrentIdentity() identity: Identity,
    @Body({ schema: CreateInstance }) body: CreateInstance,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InstanceView> {
    const instance = await this.instances.create(identity, body);
    void reply.header('location', `/ecs/instances/${instance.id}`);
    setEtag(reply, instance.version);
    return viewInstance(instance);
  }

  @Get(idBeforeColon)
  @ApiOperation({ summary: 'Read an instance', operationId: 'getInstance' })
  @ApiResponse({ status: 200, standardSchema: InstanceView })
  async get(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InstanceView> {
    const instance = await this.reader.get(identity, id);
    setEtag(reply, instance.version);
    return viewInstance(instance);
  }

  @Access({ permission: 'instances:write' })
  @Post(`${idBeforeColon}::start`)
  @HttpCode(200)
  @ApiOperation({ summary: 'Start a stopped instance', operationId: 'startInstance' })
  @ApiResponse({ status: 200, standardSchema: InstanceView })
  @ApiRefusal('RESOURCE_CONFLICT', 'it is not stopped')
  @ApiRefusal('RESOURCE_ARCHIVED', 'the project is archived')
  async start(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InstanceView> {
    const instance = await this.instances.start(identity, id, expectedVersion);
    setEtag(reply, instance.version);
    return viewInstance(instance);
  }

  @Access({ permission: 'instances:write' })
  @Post(`${idBeforeColon}::stop`)
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop a running instance', operationId: 'stopInstance' })
  @ApiResponse({ status: 200, standardSchema: InstanceView })
  @ApiRefusal('RESOURCE_CONFLICT', 'it is not running')
  async stop(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InstanceView> {
    const instance = await this.instances.stop(identity, id, expectedVersion);
    setEtag(reply, instance.version);
    return viewInstance(instance);
  }

  @Access({ permission: 'instances:write' })
  @Delete(idBeforeColon)
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete an instance, whatever it is doing',
    description: 'It is seen as `deleting` for as long as the driver needs.',
    operationId: 'deleteInstance',
  })
  @ApiResponse({ status: 204 })
  @ApiRefusal('RESOURCE_CONFLICT', 'it is being deleted already')
  async delete(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.instances.delete(identity, id, expectedVersion);
  }
}
