import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { NacosApi } from './nacos-api.js';
import { NacosFailure } from './nacos-failure.js';
import { wellOnes } from './nacos-instances.js';

/** It answers after as long if nothing has changed; it takes no shorter time. */
const longPollMs = 10_000;
const wordEnd = '\u0002';
const lineEnd = '\u0001';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const instanceList = z.object({ hosts: z.unknown() });

/** Nacos 2.x (and 1.4): version 1 of its API, because version 2 of it has no long poll. */
export const nacos2 = (namespace: string): NacosApi => {
  // The namespace `public` has no name where documents are.
  const tenant = namespace === 'public' ? '' : namespace;
  return {
    loginPath: '/nacos/v1/auth/login',
    readDocument: ({ dataId, group }) => ({
      path: '/nacos/v1/cs/configs',
      query: { dataId, group, ...(tenant === '' ? {} : { tenant }) },
    }),
    documentIn({ status, text }) {
      if (status === 404) return undefined;
      if (status !== 200) throw new NacosFailure(`Nacos answers ${status}`, status);
      return text;
    },
    awaitChange: ({ dataId, group }, known) => ({
      path: '/nacos/v1/cs/configs/listener',
      headers: { 'Long-Pulling-Timeout': String(longPollMs) },
      form: {
        'Listening-Configs':
          [dataId, group, known === undefined ? '' : md5(known), ...(tenant === '' ? [] : [tenant])].join(wordEnd) +
          lineEnd,
      },
      timeoutMs: 1.5 * longPollMs,
    }),
    listInstances: ({ service, group, clusters }) => ({
      path: '/nacos/v1/ns/instance/list',
      query: {
        serviceName: `${group}@@${service}`,
        namespaceId: namespace === '' ? 'public' : namespace,
        healthyOnly: 'true',
        ...(clusters.length === 0 ? {} : { clusters: clusters.join(',') }),
      },
    }),
    instancesIn({ status, text }) {
      if (status === 404) return [];
      if (status !== 200) throw new NacosFailure(`Nacos answers ${status}`, status);
      return wellOnes(instanceList.parse(JSON.parse(text)).hosts);
    },
  };
};
