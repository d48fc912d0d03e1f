export { failedWith, redisAttributes } from './command-spans.js';
export { connectRedis, redisConnections } from './redis-connection.js';
export { RedisConnections } from './redis-connections.js';
export { RedisHealth } from './redis-health.js';
export { RedisModule } from './redis.module.js';
