import type { ComponentHealth, HealthReport } from './health.js';

/** For everybody who may probe: what is down, and what a check tells of itself; but not the reasons of others. */
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
  const { responseTime: _time, ...rest } = details;
  const { message: _reason, ...toldOfDown } = rest;
  const told = status === 'UP' ? rest : toldOfDown;
  return Object.keys(told).length === 0 ? { status } : { status, details: told };
}
