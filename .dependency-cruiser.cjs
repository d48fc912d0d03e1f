/** The walls of the house. Each comment says what to do instead. */
const libsAfter = (lib, ...allowed) => ({
  name: `libs-point-downward-${lib}`,
  comment: `libs/${lib} may use only the libs below it. Move what both need into the lower one, or pass it in.`,
  severity: 'error',
  from: { path: `^libs/${lib}/`, pathNot: ['\\.spec\\.ts$', '\\.fixture\\.ts$'] },
  to: { path: '^libs/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
});

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
    libsAfter('errors'),
    libsAfter('config', 'errors'),
    libsAfter('trusted-headers', 'errors', 'config'),
    libsAfter('redis', 'errors', 'config', 'trusted-headers'),
    libsAfter('persistence', 'errors', 'config', 'trusted-headers', 'redis'),
    libsAfter('mail', 'errors', 'config', 'trusted-headers', 'redis', 'persistence'),
    libsAfter('grpc', 'errors', 'config', 'trusted-headers', 'redis', 'persistence'),
    libsAfter('observability', 'errors', 'config', 'trusted-headers', 'redis', 'persistence', 'grpc'),
    libsAfter('service', 'errors', 'config', 'trusted-headers', 'redis', 'persistence', 'grpc', 'observability'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
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
