import { jest } from '@jest/globals';

import { existsSync, readFileSync } from 'node:fs';

import { callers, identities, identityUri } from '@libs/mutual-tls';
import { describeWith } from '@libs/testing';
import { parse } from 'yaml';

import { certManager } from './support/cert-manager.js';
import { type Manifest, render } from './support/kustomize.js';
import { NetworkPolicies, type Peer } from './support/network-policies.js';
import { watched } from './support/unread-keys.js';

jest.setTimeout(120_000);

/** Where the schemas of a kind are: of Kubernetes itself, or of what is installed into it. */
const schemasOf = (apiVersion: string): string => {
  if (/\.istio\.io\//.test(apiVersion)) return `@kubernetes-models/istio/${apiVersion}`;
  if (apiVersion.startsWith('monitoring.coreos.com/')) return `@kubernetes-models/prometheus-operator/${apiVersion}`;
  return `kubernetes-models/${apiVersion}`;
};

async function mistakesIn(manifest: Manifest): Promise<string[]> {
  const { apiVersion, kind, metadata } = manifest;
  const name = `${kind} ${metadata?.name}`;
  if (apiVersion === 'cert-manager.io/v1') {
    const found = certManager[kind as keyof typeof certManager].safeParse(manifest.spec);
    return found.error === undefined ? [] : [`${name}: ${found.error.message}`];
  }
  const models = (await import(schemasOf(apiVersion))) as Record<string, { prototype: { validate(): void } }>;
  const Model = models[kind];
  if (Model === undefined) return [`${name}: ${apiVersion} has no such kind`];
  const { value, unread } = watched(manifest);
  try {
    // Not of an instance: its constructor copies, and has looked at everything before the schema does.
    Model.prototype.validate.call(value);
    return unread().map((path) => `${name}: ${path} is not known`);
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
}

describeWith(['kubectl'], 'what Kubernetes is told', () => {
  describe.each(['single', 'production', 'istio'])('by the overlay %s', (overlay) => {
    let manifests: Manifest[];
    let workloads: Manifest[];
    const ofKind = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);
    const podOf = (workload: Manifest): Manifest => workload.spec.template.spec;
    const appOf = ({ metadata }: Manifest): string => metadata.labels?.['app.kubernetes.io/name'] ?? metadata.name;

    beforeAll(() => {
      manifests = render(overlay);
      workloads = [...ofKind('Deployment'), ...ofKind('StatefulSet')];
    });

    it('is valid by the schemas', async () => {
      expect(manifests.length).toBeGreaterThan(40);
      expect((await Promise.all(manifests.map(mistakesIn))).flat()).toEqual([]);
    });

    it('would not be valid with a key that is misspelt', async () => {
      const [deployment] = structuredClone(ofKind('Deployment'));
      podOf(deployment).containers[0].readinesProbe = {};
      expect(await mistakesIn(deployment)).toEqual([expect.stringMatching(/readinesProbe is not known/)]);
    });

    it('runs every pod under the restricted pod security standard', () => {
      const [namespace] = ofKind('Namespace');
      expect(namespace.metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
      for (const workload of workloads) {
        const pod = podOf(workload);
        expect({ app: appOf(workload), ...pod.securityContext }).toMatchObject({
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        });
        expect(pod.automountServiceAccountToken).toBe(false);
        expect([pod.hostNetwork, pod.hostPID, pod.hostIPC]).toEqual([undefined, undefined, undefined]);
        for (const { securityContext } of pod.containers) {
          expect(securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          });
        }
        for (const volume of pod.volumes) expect(volume.hostPath).toBeUndefined();
      }
    });

    it('gives every container probes, bounds, and an image of a certain version', () => {
      for (const container of workloads.flatMap((workload) => podOf(workload).containers)) {
        for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
          expect(container).toHaveProperty(probe);
        for (const bound of ['limits', 'requests']) {
          expect(Object.keys(container.resources[bound])).toEqual(expect.arrayContaining(['cpu', 'memory']));
        }
        expect(container.image).toMatch(/:\d+\.\d+(\.\d+)?$/);
      }
    });

    it('lets every pod end what runs before it is killed', () => {
      const shared = ofKind('ConfigMap').find(({ metadata }) => /^gatehouse-[^r]/.test(metadata.name));
      const drainSeconds = Number(/^(\d+)s$/.exec(shared.data.DRAIN_DELAY)?.[1]);
      const stopSeconds = 5;
      for (const deployment of ofKind('Deployment')) {
        const { terminationGracePeriodSeconds, containers } = podOf(deployment);
        expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drainSeconds + stopSeconds + 5);
        const { periodSeconds, failureThreshold } = containers[0].readinessProbe;
        expect(drainSeconds).toBeGreaterThan(periodSeconds * failureThreshold);
      }
    });

    it('opens a port in the network only by a rule of its own, to nobody by default', () => {
      const policies = ofKind('NetworkPolicy');
      expect(policies.find(({ metadata }) => metadata.name === 'default-deny').spec).toEqual({
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
      });
      for (const workload of workloads) {
        const app = appOf(workload.spec.template);
        const rules = policies
          .filter(({ spec }) => spec.podSelector.matchLabels?.['app.kubernetes.io/name'] === app)
          .flatMap(({ spec }) => spec.ingress ?? []);
        for (const rule of rules) expect(rule.from?.length ?? 0).toBeGreaterThan(0);
        const opened = new Set(rules.flatMap(({ ports }) => ports.map(({ port }: { port: number }) => port)));
        const declared = podOf(workload).containers.flatMap(({ ports }: Manifest) =>
          ports.map(({ containerPort }: Manifest) => containerPort),
        );
        expect({ app, ports: [...opened].toSorted() }).toEqual({ app, ports: declared.toSorted() });
      }
    });

    it('lets those call a service whom its own list names', () => {
      for (const [service, { http, grpc }] of Object.entries(callers)) {
        const { spec } = ofKind('NetworkPolicy').find(({ metadata }) => metadata.name === service);
        const callersAt = (at: number): string[] =>
          spec.ingress[at].from.map(({ podSelector }: Manifest) => podSelector.matchLabels['app.kubernetes.io/name']);
        expect({ service, http: callersAt(0), grpc: callersAt(1).toSorted() }).toEqual({
          service,
          http: [...http],
          grpc: [...grpc].toSorted(),
        });
      }
    });

    it('lets every call through that is made, by the labels that pods have, and no other', () => {
      const peer = (name: string, labels: Peer['labels'], more: Partial<Peer>): Peer => ({ name, labels, ...more });
      const pods = workloads.map(({ metadata, spec }) =>
        peer(metadata.name, spec.template.metadata.labels, { namespace: metadata.namespace }),
      );
      // Whoever calls with tools has a pod of their own, with no more than this label.
      pods.push(peer('operator', { 'app.kubernetes.io/name': 'operator' }, { namespace: 'gatehouse' }));
      const others = ['ingress', 'istio-system', 'kube-system', 'monitoring', 'observability', 'default'].map((name) =>
        peer(name, {}, { namespace: name }),
      );
      const outside = [
        peer('the stores', {}, { address: '10.64.0.1' }),
        peer('the internet', {}, { address: '203.0.113.1' }),
      ];

      const apps = ['gateway', ...Object.keys(callers)];
      const made: string[] = [];
      const call = (from: string, to: string, port: number): unknown => made.push(`${from} -> ${to}:${port}`);
      const portOf = (app: string, name: string): number =>
        workloads
          .filter((workload) => workload.metadata.name === app)
          .flatMap((workload) => podOf(workload).containers[0].ports)
          .find((port: Manifest) => port.name === name).containerPort;
      const services = Object.entries(callers);
      for (const [service, { http, grpc }] of services) {
        for (const from of http) call(from, service, portOf(service, 'https'));
        for (const from of grpc) call(from, service, portOf(service, 'grpc'));
      }
      for (const app of apps) {
        call('monitoring', app, portOf(app, 'management'));
        call(app, 'observability', 4318);
        call(app, overlay === 'single' ? 'redis' : 'the stores', 6379);
        call(app, overlay === 'single' ? 'mysql' : 'the stores', 3306);
      }
      for (const { name } of pods) {
        call(name, 'kube-system', 53);
        if (overlay === 'istio') call(name, 'istio-system', 15012);
      }
      call('ingress', 'gateway', portOf('gateway', 'http'));
      if (overlay === 'istio') call('istio-system', 'gateway', portOf('gateway', 'http'));
      if (overlay !== 'single') {
        for (const service of ['auth-service', 'tenant-service']) {
          for (const port of [465, 587]) for (const { name } of outside) call(service, name, port);
        }
      }

      const policies = new NetworkPolicies(ofKind('NetworkPolicy'), 'gatehouse');
      const declared = workloads.flatMap((each) => podOf(each).containers[0].ports);
      const ports = new Set<number>([53, 80, 443, 465, 587, 3306, 4318, 6379, 15012]);
      for (const { containerPort } of declared) ports.add(containerPort);
      const everybody = [...pods, ...others, ...outside];
      const open = everybody.flatMap((from) =>
        everybody.flatMap((to) =>
          // What is between others is not ours to say, and a pod reaches itself.
          from === to || (from.namespace !== 'gatehouse' && to.namespace !== 'gatehouse')
            ? []
            : [...ports]
                .filter((port) => policies.let(from, to, port))
                .map((port) => `${from.name} -> ${to.name}:${port}`),
        ),
      );
      expect(open.toSorted()).toEqual(made.toSorted());
    });

    it('keeps the selectors of what runs already, which cannot be changed', () => {
      for (const deployment of ofKind('Deployment')) {
        expect(deployment.spec.selector.matchLabels).toEqual({
          'app.kubernetes.io/name': deployment.metadata.name,
          'app.kubernetes.io/part-of': 'gatehouse',
        });
      }
    });

    it('gives secrets to nobody but the owner of their files and those whom the volume is for', () => {
      const volumes = workloads.flatMap((workload) => podOf(workload).volumes);
      const secrets = volumes.filter((volume: Manifest) => volume.secret !== undefined);
      expect(secrets.length).toBeGreaterThan(9);
      for (const { secret } of secrets) expect(secret).toMatchObject({ defaultMode: 0o400 });
      // Files of a secret are root's. Without a group of the pod's own nobody could read them.
      for (const workload of workloads) {
        const { fsGroup, runAsGroup } = podOf(workload).securityContext;
        expect({ app: appOf(workload), fsGroup }).toEqual({ app: appOf(workload), fsGroup: runAsGroup });
      }
    });

    it('keeps what a gateway needs when its process starts again: the token of operators, the last good configuration', () => {
      const [container] = podOf(workloads.find(({ metadata }) => metadata.name === 'gateway')).containers;
      const token = container.env.find(({ name }: Manifest) => name === 'MANAGEMENT_TOKEN');
      expect(token.valueFrom.secretKeyRef).toEqual({
        name: expect.stringMatching(/^gateway-secrets/),
        key: 'management-token',
        optional: true,
      });
      const { data } = ofKind('ConfigMap').find(({ metadata }) => /^gatehouse-[^r]/.test(metadata.name));
      const folder = container.volumeMounts.find(({ mountPath }: Manifest) => mountPath === data.DATA_DIR);
      const volume = podOf(workloads.find(({ metadata }) => metadata.name === 'gateway')).volumes.find(
        ({ name }: Manifest) => name === folder.name,
      );
      expect(volume.emptyDir.medium).toBeUndefined();
      for (const { metadata, data: secrets } of ofKind('Secret').filter(({ metadata: { name } }) =>
        name.startsWith('gateway-secrets'),
      ))
        expect({ name: metadata.name, keys: Object.keys(secrets) }).toMatchObject({
          keys: expect.arrayContaining(['management-token', 'database-url']),
        });
    });

    it('issues everybody a certificate that says who it is', () => {
      const certificates = ofKind('Certificate').filter(({ spec }) => spec.isCA !== true);
      const names = overlay === 'production' ? [...identities, 'ingress'] : identities;
      expect(certificates.map(({ metadata }) => metadata.name).toSorted()).toEqual(names.toSorted());
      for (const { metadata, spec } of certificates) {
        expect(spec).toMatchObject({ dnsNames: [metadata.name], uris: [identityUri(metadata.name)] });
      }
    });

    it('names no setting that no process knows', () => {
      const known = readFileSync('docs/configuration.md', 'utf8') + readFileSync('config/gateway.yaml', 'utf8');
      const names = [
        ...ofKind('ConfigMap').flatMap(({ data }) => Object.keys(data)),
        ...ofKind('Deployment').flatMap((each) => podOf(each).containers[0].env.map(({ name }: Manifest) => name)),
      ].filter((name) => name !== 'gateway.yaml');
      for (const name of names) expect(known).toMatch(new RegExp(`\\b${name.replace(/_FILE$/, '')}`));
    });

    if (overlay !== 'single') {
      it('keeps several of each, also while a node is emptied', () => {
        for (const deployment of ofKind('Deployment')) {
          const name = deployment.metadata.name;
          const scaler = ofKind('HorizontalPodAutoscaler').find(({ metadata }) => metadata.name === name);
          const budget = ofKind('PodDisruptionBudget').find(({ metadata }) => metadata.name === name);
          expect(scaler.spec.minReplicas).toBeGreaterThanOrEqual(2);
          expect(budget.spec).toMatchObject({ maxUnavailable: 1 });
          expect(podOf(deployment).topologySpreadConstraints.length).toBeGreaterThan(0);
          // Who says how many there are is the scaler: an apply must not put the number back.
          expect(deployment.spec.replicas).toBeUndefined();
          expect(ofKind('ServiceMonitor').map(({ metadata }) => metadata.name)).toContain(name);
        }
      });

      it('asks the gateway by TLS and knows that it is the gateway, or leaves both to the mesh', () => {
        const [service] = ofKind('Service').filter(({ metadata }) => metadata.name === 'gateway') as [Manifest];
        const [{ env }] = podOf(workloads.find(({ metadata }) => metadata.name === 'gateway')).containers;
        const told = new Set(env.map(({ name }: Manifest) => name));
        const isPlain = overlay === 'istio';
        const [port] = service.spec.ports;
        expect(service.spec.ports).toEqual([
          { name: isPlain ? 'http' : 'https', port: isPlain ? 80 : 443, targetPort: 'http', appProtocol: port.name },
        ]);
        for (const name of ['GATEWAY_TLS_CERT_FILE', 'GATEWAY_TLS_KEY_FILE']) expect(told.has(name)).toBe(!isPlain);

        const secret = (name: string): Manifest =>
          ofKind('Certificate').find(({ spec }) => name === `gatehouse/${spec.secretName}`);
        for (const { metadata, spec } of ofKind('Ingress')) {
          const said = (name: string): string => metadata.annotations[`nginx.ingress.kubernetes.io/${name}`];
          expect(said('backend-protocol')).toBe('HTTPS');
          expect(secret(said('proxy-ssl-secret')).spec.usages).toEqual(['digital signature', 'client auth']);
          expect(spec.rules[0].http.paths[0].backend.service).toEqual({ name: 'gateway', port: { name: port.name } });
          // Whoever asks with it is nobody's caller.
          expect(identities).not.toContain(secret(said('proxy-ssl-secret')).metadata.name);
        }
        for (const { spec } of ofKind('VirtualService'))
          expect(spec.http[0].route[0].destination.port).toEqual({ number: port.port });
        expect(ofKind('Ingress').length + ofKind('VirtualService').length).toBe(1);
      });

      if (overlay === 'production') {
        it('leaves to the gateway what nginx of the compose stack leaves to it', () => {
          const site = readFileSync('deploy/nginx/gatehouse.conf', 'utf8');
          const inStack = (name: string): string => {
            const directive = name === 'proxy-body-size' ? 'client_max_body_size' : name.replaceAll('-', '_');
            const [, value = ''] = new RegExp(`^ *${directive} +([^;]+);`, 'm').exec(site) ?? [];
            return value.replace(/^1d$/, '86400').replace(/^(\d+)s$/, '$1');
          };
          const [{ metadata }] = ofKind('Ingress') as [Manifest];
          const said = Object.entries(metadata.annotations)
            .map(([name, value]) => [name.split('/')[1] ?? '', value])
            .filter(([name]) => !['backend-protocol', 'proxy-ssl-secret'].includes(String(name)));
          expect(said.length).toBeGreaterThan(8);
          expect(Object.fromEntries(said)).toEqual(
            Object.fromEntries(said.map(([name]) => [name, inStack(String(name))])),
          );
        });
      }

      it('watches by the rules that the compose stack has (npm run generate)', () => {
        for (const [name, file] of [
          ['gatehouse-recording-rules', 'recording-rules'],
          ['gatehouse-alerts', 'alerts'],
        ]) {
          const rule = ofKind('PrometheusRule').find(({ metadata }) => metadata.name === name);
          expect(rule?.spec).toEqual(parse(readFileSync(`deploy/observability/${file}.yaml`, 'utf8')));
        }
      });

      it('knows of a target that is gone: it has a monitor, a job in the compose stack, and a part in the alert', () => {
        const jobs = ofKind('ServiceMonitor').map(
          ({ spec }) =>
            spec.endpoints[0].relabelings.find(({ targetLabel }: Manifest) => targetLabel === 'job').replacement,
        );
        const { scrape_configs: scraped } = parse(readFileSync('deploy/observability/prometheus.yml', 'utf8'));
        expect(jobs.toSorted()).toEqual(scraped.map(({ job_name: name }: Manifest) => name).toSorted());
        const gone = ofKind('PrometheusRule')
          .flatMap(({ spec }) => spec.groups.flatMap(({ rules }: Manifest) => rules))
          .find(({ alert }: Manifest) => alert === 'TargetGone');
        expect(gone.expr.split(' or ').toSorted()).toEqual(
          jobs.map((job: string) => `absent(up{job="${job}"})`).toSorted(),
        );
      });
    }

    if (overlay === 'istio') {
      // The schemas of Istio have rules that the types do not: `duration(self) >= duration('1ms')`, wherever one stands.
      it('says no time that Istio refuses', () => {
        const isTime = (value: unknown): value is string =>
          typeof value === 'string' && /^[\d.]+(h|m|s|ms)$/.test(value);
        const timesIn = (part: unknown): string[] =>
          isTime(part) ? [part] : typeof part === 'object' && part !== null ? Object.values(part).flatMap(timesIn) : [];
        const times = manifests.filter(({ apiVersion }) => /istio\.io\//.test(apiVersion)).flatMap(timesIn);
        expect(times.length).toBeGreaterThan(5);
        expect(times.filter((time) => Number.parseFloat(time) === 0)).toEqual([]);
      });

      it('is told to whoever installs the mesh: what the restricted standard leaves no room for, a node does', () => {
        const [, before = ''] =
          /\nBefore Kubernetes there must be:([^]*?)\n## /.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
        expect(before).toMatch(/istio-cni/);
        const asked = ofKind('Deployment').map(({ spec }) => spec.template.metadata.annotations);
        for (const annotations of asked)
          expect(annotations).toMatchObject({ 'sidecar.istio.io/nativeSidecar': 'true' });
      });

      it('is strict between the proxies, and lets those through whom the processes let in', () => {
        expect(ofKind('PeerAuthentication')[0].spec).toEqual({ mtls: { mode: 'STRICT' } });
        expect(ofKind('AuthorizationPolicy').find(({ metadata }) => metadata.name === 'deny-all').spec).toEqual({});
        for (const [service, { grpc }] of Object.entries(callers)) {
          const { spec } = ofKind('AuthorizationPolicy').find(({ metadata }) => metadata.name === service);
          const principals: string[] = spec.rules[1].from[0].source.principals;
          expect(principals.map((each) => each.split('/').at(-1)).toSorted()).toEqual([...grpc].toSorted());
        }
      });
    }
  });

  it('is held against the versions that docs/operations.md names', () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    for (const name of ['kubernetes-models', '@kubernetes-models/istio', '@kubernetes-models/prometheus-operator']) {
      const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string };
      expect(page).toContain(`\`${name}\` ${version}`);
    }
    // The newest API that came in stable with the version which is named.
    expect(existsSync('node_modules/kubernetes-models/resource.k8s.io/v1')).toBe(true);
    const used = ['production', 'istio'].flatMap((name) => render(name)).map(({ apiVersion }) => apiVersion);
    const ofKubernetes = new Set(used.filter((name) => !/istio\.io|coreos\.com|cert-manager/.test(name)));
    expect([...ofKubernetes].toSorted()).toEqual([
      'apps/v1',
      'autoscaling/v2',
      'networking.k8s.io/v1',
      'policy/v1',
      'v1',
    ]);
  });

  it('routes as config/gateway.yaml does, but for where the instances are (npm run generate)', () => {
    const routes = (file: string) => {
      const { services, ...rest } = parse(readFileSync(file, 'utf8'));
      const others = Object.entries(services).map(([name, service]) => {
        const { instances: _instances, discovery: _discovery, ...same } = service as Record<string, unknown>;
        return [name, same];
      });
      return { ...rest, services: Object.fromEntries(others) };
    };
    expect(routes('deploy/k8s/base/routes.yaml')).toEqual(routes('config/gateway.yaml'));
    const { services } = parse(readFileSync('deploy/k8s/base/routes.yaml', 'utf8'));
    for (const [name, { discovery }] of Object.entries<Manifest>(services))
      expect(discovery.dns).toMatchObject({ name, scheme: 'https' });
  });
});
