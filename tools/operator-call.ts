import { Agent, request } from 'undici';

import { isService, type operatorOptions, sealAsOperator } from './operator.js';

export interface OperatorCall {
  readonly service: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: string | undefined;
  /** Where the service is, if not where the settings say. */
  readonly url?: string | undefined;
}

const httpPorts = { 'auth-service': 3001, 'tenant-service': 3002, 'project-service': 3003, 'ecs-service': 3004 };

/** Calls the REST port of a service around the gateway: sealed, and with the operator's certificate if there is one. */
export async function callAsOperator(
  { service, method, path, body, url }: OperatorCall,
  options: Readonly<Record<keyof typeof operatorOptions, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  if (!isService(service)) throw new Error(`There is no service ${service}.`);
  const { pathname } = new URL(path, 'http://service');
  const { headers, peers, certificate } = sealAsOperator({ service, method, path: pathname }, options);
  const [host = ''] = peers[service].split(':');
  const base = url ?? `${certificate === undefined ? 'http' : 'https'}://${host}:${httpPorts[service]}`;
  const dispatcher = new Agent(
    // Whatever its address is, its certificate says that it is this service.
    certificate === undefined ? {} : { connect: { ...certificate.current, servername: service } },
  );
  try {
    const answer = await request(`${base}${path}`, {
      method: method as 'GET',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body ?? null,
      dispatcher,
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  } finally {
    certificate?.close();
    await dispatcher.close();
  }
}
