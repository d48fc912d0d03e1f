export interface ProjectAccess {
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** Then nothing new begins in it. */
  readonly isArchived: boolean;
}

/** Who may do what in a project is project-service's to say; nothing is decided here and nothing is remembered. */
export abstract class ProjectAccessReader {
  /** Asks for the caller of the current request. */
  abstract read(projectId: string): Promise<ProjectAccess>;

  /** Of up to 500 projects, those that the caller of the current request may read. */
  abstract readable(projectIds: readonly string[]): Promise<string[]>;
}
