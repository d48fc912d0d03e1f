import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Environment, readSettings } from '@libs/config';
import type { RunningService } from '@libs/service';

import { GatewaySettings } from '../src/settings/settings.js';
import { startGateway } from '../src/start.js';

export const managementToken = 'a-token-of-operators';

export interface LiveGateway extends RunningService {
  readonly port: number;
  readonly folder: string;
  /** Calls the management API. */
  manage(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ManagementAnswer>;
  /** Resolves when what the management API says satisfies the condition. */
  until(condition: (configuration: ConfigurationAnswer) => boolean): Promise<ConfigurationAnswer>;
}

interface ManagementAnswer {
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  readonly body: any;
}

interface ConfigurationAnswer {
  readonly version: string;
  readonly doubts: readonly { readonly path: string; readonly message: string }[];
  readonly source: string;
  readonly failure: { readonly kind: string; readonly mistakes: readonly object[] } | null;
  readonly pendingRestart: readonly string[];
  readonly configuration: { readonly routes: readonly { readonly id: string }[] };
}

const openPorts = 'listen: { port: 0 }\nmanagement: { port: 0 }\n';

export const aFolder = (): string => mkdtempSync(join(tmpdir(), 'gatehouse-gateway-'));

/** Replaces a file as careful programs do, in one step. */
export function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

export const onAnyPort = (text: string): string => openPorts + text;

/** One service, called `echo`, and one route to it for each path. */
export const aDocument = (url: string, ...paths: readonly string[]): string =>
  onAnyPort(
    [
      `services: { echo: { instances: [{ url: '${url}' }] } }`,
      'routes:',
      ...paths.map(
        (path, index) => `  - { id: r${index}, path: '${path}', service: echo, access: { authenticated: false } }`,
      ),
      '',
    ].join('\n'),
  );

/** A whole gateway that takes its configuration from wherever the environment says. */
export async function aLiveGateway(folder: string, environment: Environment = {}): Promise<LiveGateway> {
  const complete = {
    GATEWAY_CONFIG: join(folder, 'gateway.yaml'),
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'silent',
    MANAGEMENT_TOKEN: managementToken,
    ...environment,
  };
  const running = await startGateway(readSettings(GatewaySettings, complete), complete);
  const manage: LiveGateway['manage'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${running.management}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${managementToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  const until: LiveGateway['until'] = async (condition) => {
    for (;;) {
      const { body } = await manage('GET', '/configuration');
      if (condition(body as ConfigurationAnswer)) return body as ConfigurationAnswer;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { ...running, port: Number(new URL(running.http).port), folder, manage, until };
}
