import type { FastifyInstance } from 'fastify';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids are stored in lower case; a client may spell a UUID in its path as it likes (RFC 9562 §4). */
export function readIdsInAnyCase(fastify: Pick<FastifyInstance, 'addHook'>): void {
  fastify.addHook('preValidation', async ({ params }) => {
    const values = params as Record<string, string>;
    for (const name in values) {
      const value = values[name] ?? '';
      if (uuid.test(value)) values[name] = value.toLowerCase();
    }
  });
}
