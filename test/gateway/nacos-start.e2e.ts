import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, until } from '@libs/testing';

import { NacosServer, nacosVersions } from '../../apps/gateway/test/nacos-server.fixture.js';
import { built } from '../support/built.js';
import { Child } from '../support/child.js';
import { everythingTo } from '../support/gateway-process.js';
import { anUpstream, type Upstream } from '../support/upstream.js';

jest.setTimeout(60_000);

const user = { username: 'gateway', password: 'hunter2hunter2' };
const faults = ['away', 'silent', 'refusing'] as const;

describe.each(nacosVersions)('the process of a gateway with Nacos %s', (version) => {
  let upstream: Upstream;
  let nacos: NacosServer;
  let folder: string;
  let ports: { gateway: number; management: number; nacos: number };
  let child: Child | undefined;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-nacos-'));
    upstream = await anUpstream((_, response) => response.end('from the service'));
    nacos = await aNacos();
    ports = { gateway: await freePort(), management: await freePort(), nacos: nacos.port };
    child = undefined;
  });
  afterEach(async () => {
    await child?.kill();
    await nacos.stop();
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const aNacos = async (port = 0): Promise<NacosServer> => {
    const started = await NacosServer.start(version, port);
    started.user = user;
    return started;
  };

  const publish = (): void =>
    nacos.publish(
      'gateway.yaml',
      JSON.stringify({
        ...everythingTo([upstream.url]),
        listen: { host: '127.0.0.1', port: ports.gateway },
        management: { host: '127.0.0.1', port: ports.management },
      }),
    );

  const spawn = (): Child =>
    (child = new Child('gateway', built('apps/gateway/src/main.js'), {
      LOG_LEVEL: 'warn',
      DATA_DIR: join(folder, 'data'),
      CONFIGURATION_SOURCE: 'nacos',
      NACOS_SERVER: `127.0.0.1:${ports.nacos}`,
      NACOS_USERNAME: user.username,
      NACOS_PASSWORD: user.password,
    }));
  const ready = (started: Child): Promise<void> => started.ready(`http://127.0.0.1:${ports.management}/ready`);
  const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${ports.gateway}/a`)).text();

  const fail = async (fault: (typeof faults)[number]): Promise<void> => {
    if (fault === 'away') await nacos.stop();
    else if (fault === 'silent') nacos.become('silent');
    else nacos.user = { ...user, password: 'another' };
  };
  const recover = async (fault: (typeof faults)[number]): Promise<void> => {
    if (fault === 'away') nacos = await aNacos(ports.nacos);
    nacos.user = user;
    nacos.become('well');
    publish();
  };

  it.each(faults)('starts from its last good configuration when Nacos is %s', async (fault) => {
    publish();
    const earlier = spawn();
    await ready(earlier);
    expect((await earlier.stop()).code).toBe(0);
    await fail(fault);

    const started = spawn();
    await ready(started);
    expect(await ask()).toBe('from the service');
    const said = await (await fetch(`http://127.0.0.1:${ports.management}/ready`)).text();
    expect(said).toContain('last-good');
    expect(said).toContain('unreachable');
    expect((await started.stop()).code).toBe(0);
    expect(started.output).not.toContain(user.password);
  });

  it.each(faults)('without one, waits and says why when Nacos is %s', async (fault) => {
    publish();
    await fail(fault);
    const started = spawn();
    await until(
      () => started.output,
      (output) => output.includes('waiting for the nacos'),
      20_000,
    );
    expect(started.running).toBe(true);
    await recover(fault);
    await ready(started);
    expect(await ask()).toBe('from the service');
    expect(started.output).not.toContain(user.password);
  });

  it('ends when it is told to while it waits', async () => {
    await fail('refusing');
    const started = spawn();
    await until(
      () => started.output,
      (output) => output.includes('waiting for the nacos'),
      20_000,
    );
    await started.stop();
    expect(started.running).toBe(false);
  });
});
