export { DeletionLogModule, deletionLogTables } from './deletion-log.module.js';
export { AfterEnding, endingsAfter, followEndingsOf, followOwnEndings } from './following/follow-endings.js';
export { type FollowerState, followerStates } from './following/follower-states.js';
export { Holds } from './lock/holds.js';
export type { Ending } from './log/ending.entity.js';
export { EndingsLog } from './log/endings-log.js';
