import type { ComponentHealth, HealthReport } from './health.js';

/** For everybody who may probe: what is down, and of what works what it tells of itself; but not why. */
export const forEverybody = ({ status, components = {} }: HealthReport): HealthReport => ({
  status,
  components: Object.fromEntries(Object.entries(components).map(([name, part]) => [name, withoutReasons(part)])),
});

/** For whoever is not known to be an operator. */
export const withoutDetails = ({ status, components = {} }: HealthReport): HealthReport => ({
  status,
  components: Object.fromEntries(Object.entries(components).map(([name, part]) => [name, { status: part.status }])),
});

/** Beside what a check tells of itself, terminus tells how it was asked. */
function withoutReasons({ status, details = {} }: ComponentHealth): ComponentHealth {
  if (status !== 'UP') return { status };
  const { responseTime: _time, cachedResponse: _isCached, ...told } = details;
  return Object.keys(told).length === 0 ? { status } : { status, details: told };
}
