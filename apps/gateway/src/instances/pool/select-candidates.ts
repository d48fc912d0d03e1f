import type { Instance } from '../instance.js';
import { type InstanceStatus, statusOf } from '../instance-status.js';

/** Who may get requests, as long as nothing changes. */
export interface Selection {
  readonly candidates: readonly Instance[];
  /** Those besides that get one request at a time. */
  readonly trials: readonly Instance[];
  readonly isPanic: boolean;
  /** When the first of those that are out comes back by itself. */
  readonly until: number;
}

/**
 * Fit instances get the requests. When too few are left, backups join them; when there is none of those, panic: health
 * is ignored, because instances that may be well are better than a few that are overrun. What is drained or cannot be
 * connected to gets nothing even then.
 */
export function selectCandidates(members: readonly Instance[], panicBelow: number, now: number): Selection {
  const primaries = inSections(members, false, now);
  const wanted = Math.max(1, (primaries.counted * panicBelow) / 100);
  const until = returnOf(members, now);
  if (primaries.fit.length + primaries.trial.length >= wanted) return calm(primaries.fit, primaries.trial, until);

  const backups = inSections(members, true, now);
  if (backups.fit.length + backups.trial.length > 0) {
    return calm([...primaries.fit, ...backups.fit], [...primaries.trial, ...backups.trial], until);
  }
  if (panicBelow === 0) return calm(primaries.fit, primaries.trial, until);
  const candidates = members.filter((member) => takesPart(statusOf(member, now)));
  return { candidates, trials: [], isPanic: true, until };
}

/** The earliest end of an ejection. */
export function returnOf(members: readonly Instance[], now: number): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { state } of members) {
    const until = state.ejection?.until ?? 0;
    if (until > now && until < earliest) earliest = until;
  }
  return earliest;
}

interface Sections {
  /** Those that are not drained. */
  readonly counted: number;
  readonly fit: Instance[];
  readonly trial: Instance[];
}

function inSections(members: readonly Instance[], isBackup: boolean, now: number): Sections {
  const statuses = new Map<Instance, InstanceStatus>();
  for (const member of members) if (member.model.backup === isBackup) statuses.set(member, statusOf(member, now));
  const having = (wanted: InstanceStatus): Instance[] =>
    [...statuses].filter(([, status]) => status === wanted).map(([member]) => member);
  return { counted: statuses.size - having('draining').length, fit: having('fit'), trial: having('trial') };
}

/** With nobody fit, those on trial are all there is. */
const calm = (fit: readonly Instance[], trial: readonly Instance[], until: number): Selection => ({
  candidates: fit.length > 0 ? fit : trial,
  trials: fit.length > 0 ? trial : [],
  isPanic: false,
  until,
});

const takesPart = (status: InstanceStatus): boolean => status !== 'draining' && status !== 'unreachable';
