const { readdirSync } = require('node:fs');

/** The walls of the house. Each comment says what to do instead. */
const libsAfter = (lib, ...allowed) => ({
  name: `libs-point-downward-${lib}`,
  comment: `libs/${lib} may use only the libs below it. Move what both need into the lower one, or pass it in.`,
  severity: 'error',
  from: { path: `^libs/${lib}/`, pathNot: ['\\.spec\\.ts$', '\\.fixture\\.ts$'] },
  to: { path: '^libs/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
});

/** What each lib stands on. A lib that is missing here stops every check. */
const libsBelow = {
  'api-keys': [],
  certificates: [],
  config: [],
  errors: [],
  clock: ['errors'],
  'mutual-tls': ['config'],
  names: [],
  tracing: ['names'],
  'trusted-headers': ['errors', 'clock', 'tracing'],
  redis: ['names', 'tracing', 'trusted-headers'],
  events: ['redis'],
  caches: ['events'],
  persistence: ['errors', 'names', 'tracing', 'trusted-headers', 'events'],
  grpc: ['errors', 'clock', 'mutual-tls', 'names', 'tracing', 'trusted-headers', 'persistence'],
  audit: ['trusted-headers', 'persistence', 'grpc'],
  'deletion-log': ['errors', 'events', 'persistence', 'grpc'],
  mail: ['config', 'names', 'persistence'],
  observability: [
    'errors',
    'mutual-tls',
    'tracing',
    'trusted-headers',
    'redis',
    'caches',
    'persistence',
    'deletion-log',
  ],
  quotas: ['errors', 'events', 'caches', 'grpc'],
  'rate-limits': ['tracing', 'trusted-headers', 'redis'],
  service: [
    'config',
    'errors',
    'clock',
    'mutual-tls',
    'tracing',
    'trusted-headers',
    'redis',
    'persistence',
    'grpc',
    'observability',
  ],
  testing: ['certificates', 'mutual-tls', 'trusted-headers', 'persistence', 'grpc'],
};

const unsaid = readdirSync(`${__dirname}/libs`).filter((lib) => !(lib in libsBelow));
if (unsaid.length > 0) throw new Error(`.dependency-cruiser.cjs does not say what these libs stand on: ${unsaid}`);

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle hides which of the files decides. Move the shared part into a file of its own.',
      severity: 'error',
      from: { pathNot: 'generated' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'stages-do-not-know-each-other',
      comment: 'What two stages share stands below them, in a folder that says what it is: request, limits, upstream.',
      severity: 'error',
      from: { path: '^apps/gateway/src/stages/([^/]+)/', pathNot: ['\\.spec\\.ts$', '\\.fixture\\.ts$'] },
      to: { path: '^apps/gateway/src/stages/', pathNot: '^apps/gateway/src/stages/$1/' },
    },
    {
      name: 'only-the-entry-and-the-root-know-stages',
      comment: 'A stage runs because pipeline.ts lists it. What others need of it stands below the stages.',
      severity: 'error',
      from: { path: '^apps/gateway/src/(?!stages/|entry/)[^/]+/', pathNot: ['\\.spec\\.ts$', '\\.fixture\\.ts$'] },
      to: { path: '^apps/gateway/src/stages/' },
    },
    {
      name: 'http-knows-nothing-of-ours',
      comment: 'http/ is what HTTP is. What the gateway makes of it stands above.',
      severity: 'error',
      from: { path: '^apps/gateway/src/http/', pathNot: ['\\.spec\\.ts$', '\\.fixture\\.ts$'] },
      to: { path: '^apps/gateway/src/', pathNot: '^apps/gateway/src/http/' },
    },
    {
      name: 'apps-meet-over-the-wire',
      comment:
        'An app never imports another: call its gRPC service, or move the code into a lib. Only platform wires all.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/platform/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-know-no-app',
      comment: 'A lib serves every app. Let the app pass in what the lib needs.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'one-front-door',
      comment: "Import `@libs/<name>`: what src/index.ts does not export is the lib's own business.",
      severity: 'error',
      from: { path: '^(apps|tools|test|bench)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'one-front-door-between-libs',
      comment: "Import `@libs/<name>`: what src/index.ts does not export is the lib's own business.",
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'tests-stay-out-of-production',
      comment: 'libs/testing and specs are for tests; production code must not need them.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '^libs/testing/', '\\.fixture\\.ts$'] },
      to: { path: ['^libs/testing/', '\\.spec\\.ts$'] },
    },
    {
      name: 'not-to-dev-dependencies',
      comment: 'What production needs belongs in `dependencies`.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '^libs/testing/', '\\.fixture\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-known-packages',
      comment: 'Add the package to package.json: what is only there by accident may be gone tomorrow.',
      severity: 'error',
      from: { path: '^(apps|libs|tools)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...Object.entries(libsBelow).map(([lib, below]) => libsAfter(lib, ...below)),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What test/typed-client imports is generated when it is tested.
    exclude: { path: '^(dist|test/typed-client)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
