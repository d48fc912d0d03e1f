import type { MovingStatus } from '../instances/instance-status.js';

/** One move of one instance, as the driver sees it. */
export interface Move {
  readonly instanceId: string;
  readonly tenantId: string;
  readonly projectId: string;
  readonly flavor: string;
  readonly image: string;
  readonly status: MovingStatus;
  /** When the move was asked for. */
  readonly since: Date;
}

export type MoveProgress = { readonly done: true } | { readonly done: false; readonly askAgainMs: number };

/**
 * Whatever runs the machines. Asked again and again until a move is done, also after a crash of either side and now
 * and then by two processes at once: asking must start nothing twice. A throw means "try again later".
 */
export abstract class InstanceDriver {
  /** Begins the move, or tells how far it is, within 3 s. */
  abstract advance(move: Move): Promise<MoveProgress>;
}

/** Thrown by a driver when trying again cannot help; the message is shown to the owner of the instance. */
export class MoveImpossible extends Error {
  override readonly name = 'MoveImpossible';
}
