export { anIdentity, aSealKey, sealedHeaders, type SealedRequest } from './identity-builder.js';
export { describeWith } from './describe-with.js';
export { freePort } from './free-port.js';
export { startMariaDb } from './maria-db.js';
export { startRedis } from './redis-server.js';
export type { TestServer } from './test-server.js';
