import { Pool } from 'undici';

import type { Target, TargetRequest } from './wrk.js';

const connections = 32;

/** Sends each request once. What the server remembers about callers is then in its memory, and fresh. */
export async function touchEach({ url, requests }: Target): Promise<void> {
  const pool = new Pool(url, { connections });
  const queue = requests.values();
  const send = async ({ path, headers }: TargetRequest): Promise<void> => {
    const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
    await body.dump();
    if (statusCode !== 200) throw new Error(`${url}${path} answers ${statusCode}`);
  };
  const worker = async (): Promise<void> => {
    for (const request of queue) await send(request);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  await pool.close();
}
