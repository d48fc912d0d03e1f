import { readFileSync } from 'node:fs';

import { parse } from 'yaml';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly entrypoint?: string | readonly string[];
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly healthcheck?: Readonly<Record<'interval' | 'start_interval' | 'start_period', string>> & {
    readonly test?: readonly string[];
  };
}

const text = readFileSync('docker-compose.yml', 'utf8');
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
const all = Object.entries(services);
const operations = readFileSync('docs/operations.md', 'utf8');

const containersOf = {
  gateway: ['gateway-1', 'gateway-2'],
  'auth-service': ['auth-service'],
  'tenant-service': ['tenant-service'],
  'project-service': ['project-service'],
  'ecs-service': ['ecs-service'],
};

/** What docs/configuration.md names for an app; `NAME, _FILE` as both. */
function settingsOf(app: string): string[][] {
  const [, section = ''] =
    new RegExp(`\n## ${app}\n([^]*?)(?:\n## |$)`).exec(readFileSync('docs/configuration.md', 'utf8')) ?? [];
  return [...section.matchAll(/^`(\w+)`(, `_FILE`)?/gm)].map(([, name = '', file]) =>
    file === undefined ? [name] : [name, `${name}_FILE`],
  );
}

describe('the compose file', () => {
  /** Where processes listen, inside: nothing outside reaches it. */
  const inside = new Set(['HTTP_PORT', 'GRPC_PORT', 'MANAGEMENT_PORT']);
  it.each(Object.entries(containersOf))('lets every setting of %s be given, or gives it itself', (app, containers) => {
    const settings = settingsOf(app);
    expect(settings.length).toBeGreaterThan(20);
    for (const container of containers) {
      const given = services[container]?.environment ?? {};
      const missing = settings.filter((names) => !names.some((name) => name in given)).map(([name]) => name);
      expect(missing.filter((name) => !inside.has(name ?? ''))).toEqual([]);
    }
  });

  it('lets every variable of the configuration be given, or gives it itself', () => {
    const inFile = [...readFileSync('config/gateway.yaml', 'utf8').matchAll(/(?<!#.*)\$\{(\w+)/g)].map(
      ([, name = '']) => name,
    );
    const given = services['gateway-1']?.environment ?? {};
    const missing = new Set(inFile.filter((name) => !(name in given)));
    expect([...missing].toSorted()).toEqual(['GATEWAY_MANAGEMENT_PORT', 'GATEWAY_PORT']);
  });

  it('gives nothing that nobody reads', () => {
    const known = readFileSync('docs/configuration.md', 'utf8') + readFileSync('config/gateway.yaml', 'utf8');
    for (const container of Object.values(containersOf).flat()) {
      const names = Object.keys(services[container]?.environment ?? {});
      expect(names.filter((name) => !known.includes(name.replace(/_FILE$/, '')))).toEqual([]);
    }
  });

  it('has settings of its own that docs/operations.md names, and no others', () => {
    const [, section = ''] = /\n### Settings of the compose stack\n([^]*?)\n##/.exec(operations) ?? [];
    const named = [...section.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
    const read = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
    const ofApps = new Set(Object.keys(containersOf).flatMap((app) => settingsOf(app).flat()));
    const own = [...new Set(read)].filter((name) => !ofApps.has(name) || name === 'HTTP_PORT');
    expect(named.toSorted()).toEqual(own.toSorted());
  });

  it('bounds every log', () => {
    for (const [name, { logging }] of all) {
      expect({ name, logging }).toEqual({
        name,
        logging: {
          driver: 'json-file',
          options: { 'max-size': expect.stringMatching(/^\d+m$/), 'max-file': expect.any(String) },
        },
      });
    }
  });

  it('starts no server whose secret cannot be read: it would do without', () => {
    const reading = all.flatMap(([name, { entrypoint }]) => {
      const line = [entrypoint ?? ''].flat().join(' ');
      const secrets = [...line.matchAll(/(\w+)=\$\$\(cat \S+\)( && )?/g)];
      return secrets.map(([, secret, stops]) => ({ name, secret, stops: stops !== undefined }));
    });
    expect(reading.map(({ name }) => name)).toEqual(expect.arrayContaining(['mysql', 'redis', 'nacos']));
    expect(reading.filter(({ stops }) => !stops)).toEqual([]);
    expect(text.match(/"\$\$\(cat /g)).toBeNull();
  });

  it('asks how containers do so seldom that it costs nothing, in words that every Docker Engine knows', () => {
    const seconds = (value: unknown): number => Number(/^(\d+)s$/.exec(String(value))?.[1]);
    const checked = all.flatMap(([name, { healthcheck }]) =>
      healthcheck === undefined ? [] : [{ name, ...healthcheck }],
    );
    expect(checked.length).toBeGreaterThanOrEqual(10);
    for (const { name, test: probe, interval, start_period: startPeriod, start_interval: sinceEngine25 } of checked) {
      // A process of Node.js takes longer to start than what it asks.
      const isDear = probe?.includes('node') === true;
      expect({
        name,
        isSeldom: seconds(interval) >= (isDear ? 10 : 5),
        waits: seconds(startPeriod) >= 30,
        sinceEngine25,
      }).toEqual({ name, isSeldom: true, waits: true, sinceEngine25: undefined });
    }
  });

  it('runs what it has built, by the commands of the upgrade and the way back', () => {
    const [, upgrade = ''] = /\n\*\*Upgrade\.\*\*([^]*?)\n\n(?=Before Kubernetes)/.exec(operations) ?? [];
    const commands = [...upgrade.matchAll(/^ *(?:GATEHOUSE_IMAGE=\S+ )?docker [^#\n]*/gm)].map(([command]) =>
      command.trim(),
    );
    expect(commands).toEqual([
      'docker tag gatehouse:local gatehouse:before',
      'docker compose build',
      'docker compose run --rm setup',
      'docker compose up -d --no-deps --wait $app',
      'GATEHOUSE_IMAGE=gatehouse:before docker compose up -d --no-deps --wait auth-service',
    ]);
    // Everything that has files of this folder or of the image, but for the stores, in an order in which callers come last.
    const [, replaced = ''] = /for app in (.*); do/.exec(upgrade) ?? [];
    expect(replaced.split(' ')).toEqual([
      'certificates',
      ...Object.values(containersOf).flat().slice(2),
      'gateway-1',
      'gateway-2',
      'nginx',
    ]);
    // `docker compose build` makes the images of those that have a `build`.
    const built = new Set(all.flatMap(([, { build, image }]) => (build === undefined ? [] : [image])));
    for (const container of Object.values(containersOf).flat()) expect(built).toContain(services[container]?.image);
    // `--build` beside a service that has none builds nothing.
    for (const [, service = ''] of operations.matchAll(/up -d --build --no-deps ([\w-]+)/g))
      expect(services[service]?.build).toBeDefined();
  });

  it('keeps what a gateway needs at its next start, each for itself', () => {
    const places = containersOf.gateway.map((name) => {
      const { environment, volumes, tmpfs } = services[name] as Service;
      const folder = environment?.['DATA_DIR'] ?? '';
      expect(tmpfs?.some((place) => folder.startsWith(place))).toBe(false);
      return volumes?.find((volume) => volume.endsWith(`:${folder}`));
    });
    expect(places).toEqual(['gateway-1-data:/data', 'gateway-2-data:/data']);
    // Volumes are root's until setup has handed them over.
    for (const place of places)
      expect(services['setup']?.volumes?.some((volume) => volume.startsWith(String(place?.split(':')[0])))).toBe(true);
  });
});
