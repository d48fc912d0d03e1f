import { Refusal } from '@libs/errors';

import type { DashboardPart, DashboardParts, DashboardView } from './dashboard.schema.js';

export interface MissingPart {
  readonly part: DashboardPart;
  readonly reason: unknown;
}

/** Waits for all parts together, for `limitMs` at most; what failed or is late by then is null and named. */
export async function gatherParts(
  parts: DashboardParts,
  limitMs: number,
): Promise<{ dashboard: DashboardView; missing: readonly MissingPart[] }> {
  const missing: MissingPart[] = [];
  const late = deadline(limitMs);

  const orNull = async <P extends DashboardPart>(part: P): Promise<Awaited<DashboardParts[P]> | null> => {
    try {
      return await Promise.race([parts[part], late.promise]);
    } catch (reason) {
      missing.push({ part, reason });
      return null;
    }
  };

  const [user, tenant, projects, members, instances, recent] = await Promise.all([
    orNull('user'),
    orNull('tenant'),
    orNull('projects'),
    orNull('members'),
    orNull('instances'),
    orNull('recent'),
  ]);
  late.cancel();

  const partial = missing.map(({ part }) => part).sort();
  return { dashboard: { user, tenant, projects, members, instances, recent, partial }, missing };
}

function deadline(limitMs: number): { promise: Promise<never>; cancel: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Refusal('SERVICE_TIMEOUT', { internal: `no answer within ${limitMs} ms` })),
    limitMs,
  );
  return { promise, cancel: () => clearTimeout(timer) };
}
