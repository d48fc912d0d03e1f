export type AuditDetail = string | number | boolean | readonly string[];

export type AuditDetails = Readonly<Record<string, AuditDetail>>;

/** What a service says about one thing that was done; who did it and from where is taken from the request. */
export interface AuditedAct {
  /** A noun and what happened to it, as `project.created`. */
  readonly action: string;
  /** The id of what it happened to. */
  readonly target: string;
  /** The tenant whose history it belongs to, empty for none. Without it: the tenant that the caller works in. */
  readonly tenantId?: string;
  /** Who did it, where the call does not say so: before a login nobody is known. */
  readonly actorId?: string;
  readonly sessionId?: string;
  /** From where, where the call was made on behalf of somebody else. */
  readonly clientAddress?: string;
  /** Ids, names and words that explain it. Never a secret, and never what somebody typed as a secret. */
  readonly details?: AuditDetails;
}

export interface RefusedAct extends AuditedAct {
  /** The code of the refusal, or another fixed word. */
  readonly reason: string;
}

/** Who did what to which, from where, with the outcome. An empty text means that there is none. */
export interface AuditEvent {
  readonly id: string;
  readonly tenantId: string;
  /** RFC 3339, UTC, to the millisecond. */
  readonly time: string;
  readonly service: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: 'done' | 'refused';
  readonly reason: string;
  /** A user's id, the name of a service that acted for itself, or `system`: what went on without being asked. */
  readonly actorId: string;
  readonly actorMethod: string;
  readonly sessionId: string;
  readonly apiKeyId: string;
  readonly clientAddress: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly details: AuditDetails;
}
