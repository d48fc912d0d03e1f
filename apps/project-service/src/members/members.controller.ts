import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { type ListQuery, type ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { memberListing } from './member-listing.js';
import type { ProjectMember } from '../memberships/member.entity.js';
import { MemberPage, MemberView, SetMember } from './member.schema.js';
import { MembersService } from './members.service.js';

@ApiTags('projects')
@Access({ permission: 'projects:read' })
@Controller('projects/:id/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @ApiOperation({ summary: 'List the members of a project', operationId: 'listProjectMembers' })
  @ApiResponse({ status: 200, standardSchema: MemberPage })
  async list(
    @CurrentIdentity() identity: Identity,
    @Param('id') projectId: string,
    @Query({ schema: memberListing.query }) query: ListQuery,
  ): Promise<MemberPage> {
    const { items, nextPageToken } = await this.members.list(identity, projectId, query);
    return { items: items.map(viewMember), nextPageToken };
  }

  @Get(':userId')
  @ApiOperation({ summary: 'Read one member of a project', operationId: 'getProjectMember' })
  @ApiResponse({ status: 200, standardSchema: MemberView })
  async get(
    @CurrentIdentity() identity: Identity,
    @Param('id') projectId: string,
    @Param('userId') userId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberView> {
    const member = await this.members.get(identity, projectId, userId);
    setEtag(reply, member.version);
    return viewMember(member);
  }

  @Access({ permission: 'projects:write' })
  @Put(':userId')
  @ApiOperation({ summary: 'Add a member to a project, or change their role', operationId: 'setProjectMember' })
  @ApiResponse({ status: 200, standardSchema: MemberView })
  @ApiResponse({ status: 201, standardSchema: MemberView })
  @ApiRefusal('RESOURCE_ARCHIVED', 'the members of an archived project stay')
  @ApiRefusal('RESOURCE_CONFLICT', 'a project keeps its owner, who hands it on')
  async set(
    @CurrentIdentity() identity: Identity,
    @Param('id') projectId: string,
    @Param('userId') userId: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: SetMember }) body: SetMember,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MemberView> {
    const { member, isNew } = await this.members.set(identity, projectId, userId, body, expectedVersion);
    if (isNew) void reply.status(201).header('location', `/projects/${projectId}/members/${userId}`);
    setEtag(reply, member.version);
    return viewMember(member);
  }

  @Access({ permission: 'projects:write' })
  @Delete(':userId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a member from a project', operationId: 'removeProjectMember' })
  @ApiResponse({ status: 204 })
  @ApiRefusal('RESOURCE_CONFLICT', 'the owner hands the project on first')
  async remove(
    @CurrentIdentity() identity: Identity,
    @Param('id') projectId: string,
    @Param('userId') userId: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.members.remove(identity, projectId, userId, expectedVersion);
  }
}

const viewMember = ({ userId, projectId, role, createdAt, updatedAt }: ProjectMember): MemberView => ({
  userId,
  projectId,
  role,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});
