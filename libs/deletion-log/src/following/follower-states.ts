/** How a follower of endings gets on, as far as it knows itself. */
export interface FollowerState {
  readonly source: string;
  /** Endings that are taken over and not worked off. */
  readonly waiting: number;
  /** When the oldest of them ended; undefined where none waits. */
  readonly oldestEndedAt: Date | undefined;
  /** When it last did a piece, or found that there is nothing to do. */
  readonly movedAt: Date;
}

const following = new Set<{ readonly state: FollowerState }>();

/** For the metrics: the followers of this process. */
export const followerStates = (): readonly FollowerState[] => [...following].map(({ state }) => state);

/** Shows the state for as long as it follows; answers what ends that. */
export function showFollower(follower: { readonly state: FollowerState }): () => void {
  following.add(follower);
  return () => void following.delete(follower);
}
