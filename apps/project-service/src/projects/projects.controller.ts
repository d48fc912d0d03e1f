import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { type ListQuery, type ExpectedVersion } from '@libs/persistence';
import { ApiRefusal, IfMatch, setEtag } from '@libs/service';
import { Access, CurrentIdentity, type Identity } from '@libs/trusted-headers';

import { projectListing } from './project-listing.js';
import { viewProject } from './project-view.js';
import { CreateProject, ProjectPage, ProjectView, UpdateProject } from './project.schema.js';
import { ProjectsService } from './projects.service.js';

@ApiTags('projects')
@Access({ permission: 'projects:read' })
@Controller('projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  @ApiOperation({ summary: 'List the projects that the caller may see', operationId: 'listProjects' })
  @ApiResponse({ status: 200, standardSchema: ProjectPage })
  async list(
    @CurrentIdentity() identity: Identity,
    @Query({ schema: projectListing.query }) query: ListQuery,
  ): Promise<ProjectPage> {
    const { items, nextPageToken } = await this.projects.list(identity, query);
    return { items: items.map(viewProject), nextPageToken };
  }

  @Access({ permission: 'projects:write' })
  @Post()
  @ApiOperation({ summary: 'Create a project, owned by the caller', operationId: 'createProject' })
  @ApiResponse({ status: 201, standardSchema: ProjectView })
  @ApiRefusal('RESOURCE_NAME_TAKEN', 'a project of the tenant has the name')
  @ApiRefusal('TENANT_QUOTA_EXCEEDED', 'the plan of the tenant has no room for another project')
  async create(
    @CurrentIdentity() identity: Identity,
    @Body({ schema: CreateProject }) body: CreateProject,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectView> {
    const project = await this.projects.create(identity, body);
    void reply.header('location', `/projects/${project.id}`);
    setEtag(reply, project.version);
    return viewProject(project);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a project', operationId: 'getProject' })
  @ApiResponse({ status: 200, standardSchema: ProjectView })
  async get(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectView> {
    const { project } = await this.projects.get(identity, id);
    setEtag(reply, project.version);
    return viewProject(project);
  }

  @Access({ permission: 'projects:write' })
  @Patch(':id')
  @ApiOperation({ summary: 'Change the named fields of a project', operationId: 'updateProject' })
  @ApiResponse({ status: 200, standardSchema: ProjectView })
  @ApiRefusal('RESOURCE_NAME_TAKEN', 'a project of the tenant has the name')
  @ApiRefusal('RESOURCE_ARCHIVED', 'only the status of an archived project is changed')
  async update(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: UpdateProject }) body: UpdateProject,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectView> {
    const project = await this.projects.update(identity, id, expectedVersion, body);
    setEtag(reply, project.version);
    return viewProject(project);
  }

  @Access({ permission: 'projects:write' })
  @Post(':id')
  @HttpCode(200)
  @ApiOperation({ summary: 'As PATCH, for clients that cannot send it', operationId: 'updateProjectByPost' })
  @ApiResponse({ status: 200, standardSchema: ProjectView })
  @ApiRefusal('RESOURCE_NAME_TAKEN', 'a project of the tenant has the name')
  @ApiRefusal('RESOURCE_ARCHIVED', 'only the status of an archived project is changed')
  updateByPost(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
    @Body({ schema: UpdateProject }) body: UpdateProject,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectView> {
    return this.update(identity, id, expectedVersion, body, reply);
  }

  @Access({ permission: 'projects:write' })
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a project; its name is free again', operationId: 'deleteProject' })
  @ApiResponse({ status: 204 })
  async delete(
    @CurrentIdentity() identity: Identity,
    @Param('id') id: string,
    @IfMatch() expectedVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    await this.projects.delete(identity, id, expectedVersion);
  }
}
