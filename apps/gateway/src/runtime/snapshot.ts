import { isDeepStrictEqual } from 'node:util';

import { compileService, type Service } from '../instances/pool/service.js';
import { Networks } from '../http/networks.js';
import { HeaderRules } from '../http/header-rules.js';
import { AddressRules } from '../limits/address-rules.js';
import { compileRoutes } from '../routes/compile-routes.js';
import type { RouteTable } from '../routes/table/route-table.js';
import type { GatewayConfiguration } from '../configuration/schema/gateway-configuration.schema.js';

/** A configuration made ready for use, frozen. Another configuration is another snapshot. */
export interface Snapshot {
  readonly configuration: GatewayConfiguration;
  readonly services: ReadonlyMap<string, Service>;
  readonly routes: RouteTable;
  readonly trustedProxies: Networks;
  readonly addressRules: AddressRules;
  /** The header that carries API keys, in lower case; undefined if there are none, and it is like any other. */
  readonly apiKeyHeader: string | undefined;
  /** In characters: the longest that an issuer may write. */
  readonly maxTokenLength: number;
  /** Which headers of requests are passed on. */
  readonly headerRules: HeaderRules;
}

/** `previous` is the snapshot in force: what moves in its services goes on. Nothing about it changes here. */
export function compileSnapshot(configuration: GatewayConfiguration, previous?: Snapshot): Snapshot {
  const services = new Map(
    Object.entries(configuration.services).map(([name, config]) => [
      name,
      compileService(name, config, previous?.services.get(name)),
    ]),
  );
  const { header, resolver } = configuration.authentication.apiKeys;
  return Object.freeze({
    configuration,
    services,
    routes: compileRoutes(configuration, services),
    trustedProxies: new Networks(configuration.trustedProxies),
    addressRules: new AddressRules(configuration),
    maxTokenLength: Math.max(
      0,
      ...configuration.authentication.jwt.issuers.map(({ maxTokenLength }) => maxTokenLength),
    ),
    apiKeyHeader: resolver === 'none' ? undefined : header.toLowerCase(),
    headerRules: headerRulesFor(configuration, previous),
  });
}

/** Rules remember the names that they have seen. */
function headerRulesFor(configuration: GatewayConfiguration, previous: Snapshot | undefined): HeaderRules {
  const stripped = strippedBy(configuration);
  const isSame = previous !== undefined && isDeepStrictEqual(stripped, strippedBy(previous.configuration));
  return isSame ? previous.headerRules : HeaderRules.forRequests(stripped);
}

/** The API key is for the gateway alone. */
const strippedBy = ({ authentication, clientHeaders }: GatewayConfiguration): readonly string[] => [
  authentication.apiKeys.header,
  ...clientHeaders.strip,
];
