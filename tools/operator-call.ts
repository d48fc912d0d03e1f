import { isService, type operatorOptions, sealAsOperator } from './operator.js';
import { type Answer, send } from './send.js';

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
): Promise<Answer> {
  if (!isService(service)) throw new Error(`There is no service ${service}.`);
  const { pathname } = new URL(path, 'http://service');
  const { headers, peers, certificate } = sealAsOperator({ service, method, path: pathname }, options);
  const [host = ''] = peers[service].split(':');
  const base = url ?? `${host}:${httpPorts[service]}`;
  return send({ address: `${base}${path}`, method, headers, body, certificate, service });
}
