import { z } from 'zod';

import type { NacosApi } from './nacos-api.js';
import { NacosFailure } from './nacos-failure.js';
import { wellOnes } from './nacos-instances.js';

const envelope = z.object({ code: z.number(), data: z.unknown() });
const documentData = z.object({ content: z.string() });

/** "Resource not found" and "service not exist". */
const absent = new Set([20_004, 21_008]);

/** Nacos 3.x: its client API. To HTTP clients it offers no long poll: they ask again and compare. */
export const nacos3 = (namespace: string): NacosApi => {
  const namespaceId = namespace === '' ? 'public' : namespace;
  return {
    loginPath: '/nacos/v3/auth/user/login',
    readDocument: ({ dataId, group }) => ({
      path: '/nacos/v3/client/cs/config',
      query: { namespaceId, groupName: group, dataId },
    }),
    documentIn(answer) {
      const data = dataIn(answer);
      return data === undefined ? undefined : documentData.parse(data).content;
    },
    listInstances: ({ service, group, clusters }) => ({
      path: '/nacos/v3/client/ns/instance/list',
      query: {
        namespaceId,
        groupName: group,
        serviceName: service,
        ...(clusters.length === 0 ? {} : { clusterName: clusters.join(',') }),
      },
    }),
    instancesIn: (answer) => wellOnes(dataIn(answer) ?? []),
  };
};

/** Whether an answer is one of this version: all of them are in an envelope, the refusals too. */
export const isNacos3 = (answer: { status: number; text: string }): boolean =>
  answer.status === 200 || answer.status === 401 || answer.status === 403 || envelopeIn(answer.text) !== undefined;

function dataIn({ status, text }: { status: number; text: string }): unknown {
  const answer = envelopeIn(text);
  if (answer !== undefined && absent.has(answer.code)) return undefined;
  if (status === 200 && answer?.code === 0) return answer.data;
  throw new NacosFailure(`Nacos answers ${status}${answer === undefined ? '' : `, code ${answer.code}`}`, status);
}

function envelopeIn(text: string): z.output<typeof envelope> | undefined {
  try {
    return envelope.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
