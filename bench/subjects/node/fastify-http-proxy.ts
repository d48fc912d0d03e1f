import proxy from '@fastify/http-proxy';
import { fastify } from 'fastify';

const [port, upstream = ''] = process.argv.slice(2);

const app = fastify({ logger: false });
await app.register(proxy, { upstream });
await app.listen({ host: '127.0.0.1', port: Number(port) });
