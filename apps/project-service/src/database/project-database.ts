import { auditTables } from '@libs/audit';
import { deletionLogTables } from '@libs/deletion-log';

import { ProjectMember } from '../memberships/member.entity.js';
import { Project } from '../projects/project.entity.js';
import { Projects1700000001000 } from './migrations/1700000001000-projects.js';
import { WalkedProjects1700000002000 } from './migrations/1700000002000-walked-projects.js';

/** The tables of this service, all in one schema of its own. Each belongs to the feature that its entity stands with. */
export const projectDatabase = {
  service: 'project',
  entities: [...auditTables.entities, ...deletionLogTables.entities, Project, ProjectMember],
  migrations: [
    ...auditTables.migrations,
    ...deletionLogTables.migrations,
    Projects1700000001000,
    WalkedProjects1700000002000,
  ],
} as const;
