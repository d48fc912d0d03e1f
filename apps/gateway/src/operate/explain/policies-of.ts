import { asWritten } from '../../configuration/document/as-written.js';
import type { GatewayConfiguration } from '../../configuration/schema/gateway-configuration.schema.js';
import type { Snapshot } from '../../runtime/snapshot.js';
import type { RouteModel } from '../../routes/model/route.model.js';

/** What a request that takes a route has to pass, and what is done to it, as one would write it. */
export interface Policies {
  readonly addresses: object;
  readonly access: object;
  /** Those that hold by address before anybody is identified go first. */
  readonly rateLimits: readonly object[];
  /** The whole route as configured; null for the gateway's own. */
  readonly route: object | null;
  /** The service without its instances; null where none is asked. */
  readonly service: object | null;
}

export function policiesOf({ configuration, addressRules }: Snapshot, route: RouteModel): Policies {
  const written = asWritten(configuration) as GatewayConfiguration;
  const { allow = [], deny } = configuration.addresses;
  const limits = [...addressRules.limits, ...route.rateLimits].map(({ name }) => ({
    name,
    ...written.rateLimits[name],
  }));
  const serviceName = route.target.kind === 'service' ? route.target.service.name : undefined;
  return {
    addresses: { allow, deny },
    access: route.access,
    rateLimits: limits,
    route: written.routes.find(({ id }) => id === route.id) ?? null,
    service: serviceName === undefined ? null : withoutInstances(written.services[serviceName]),
  };
}

function withoutInstances(service: GatewayConfiguration['services'][string] | undefined): object | null {
  if (service === undefined) return null;
  const { instances: _, ...rest } = service;
  return rest;
}
