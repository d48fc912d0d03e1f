import type { GatewayConfiguration } from '../schema/gateway-configuration.schema.js';
import type { Reviewed } from './reviewed.js';

type Path = readonly (string | number)[];
interface Timeouts {
  readonly connect?: number | undefined;
  readonly headers?: number | undefined;
  readonly idle?: number | undefined;
  readonly total?: number | undefined;
}

type Pair = readonly [at: Path, less: number | undefined, more: number | undefined, because: string];

/** Bounds of which one can never be met, because another is met before. */
export function reviewProportions({ configuration, isWritten, mistake, warning }: Reviewed): void {
  const { limits, protection, services, routes, authentication } = configuration;
  for (const [at, value, bound, because] of [
    ...pairsOf(limits, protection),
    ...Object.entries(services).flatMap(([name, service]) => pairsOfService(['services', name], service)),
    ...routes.flatMap(({ timeouts }, index) => pairsOfTimeouts(['routes', index, 'timeouts'], timeouts)),
  ]) {
    if (value !== undefined && bound !== undefined && value > bound && isWritten(at)) warning(at, because);
  }
  authentication.jwt.issuers.forEach(({ maxTokenLength }, index) => {
    const at = ['authentication', 'jwt', 'issuers', index, 'maxTokenLength'];
    if (maxTokenLength >= limits.headerBytes && isWritten(at)) mistake(at, 'is more than limits.headerBytes lets in');
  });
}

const pairsOf = (
  limits: GatewayConfiguration['limits'],
  protection: GatewayConfiguration['protection'],
): readonly Pair[] => [
  [['limits', 'headersTimeout'], limits.headersTimeout, limits.requestTimeout, 'is longer than requestTimeout'],
  [['limits', 'bodyGrace'], limits.bodyGrace, limits.requestTimeout, 'is longer than requestTimeout'],
  [
    ['protection', 'connectionsPerAddress'],
    protection.connectionsPerAddress,
    protection.connections,
    'is more than all connections',
  ],
  [['protection', 'bodiesPerAddress'], protection.bodiesPerAddress, protection.requests, 'is more than all requests'],
  ...(['streamsPerRoute', 'streamsPerAddress', 'streamsPerUser'] as const).map((name): Pair => [
    ['protection', name],
    protection[name],
    protection.streams,
    'is more than all streams',
  ]),
  [['protection', 'adaptive', 'floor'], protection.adaptive.floor, protection.requests, 'is more than all requests'],
];

function pairsOfService(at: Path, { health, timeouts }: GatewayConfiguration['services'][string]): readonly Pair[] {
  const { check, outliers } = health;
  return [
    ...pairsOfTimeouts([...at, 'timeouts'], timeouts),
    [[...at, 'health', 'check', 'timeout'], check?.timeout, check?.interval, 'is longer than interval'],
    [
      [...at, 'health', 'outliers', 'ejection'],
      outliers.ejection,
      outliers.maxEjection,
      'is longer than maxEjection, the longest there is',
    ],
  ];
}

const pairsOfTimeouts = (at: Path, { connect, headers, idle, total }: Timeouts): readonly Pair[] =>
  Object.entries({ connect, headers, idle }).map(([name, value]) => [
    [...at, name],
    value,
    total,
    'is longer than total, which ends it before',
  ]);
