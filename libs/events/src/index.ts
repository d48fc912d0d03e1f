export type { BusEvent, GatehouseEvent, GatehouseEvents, GatehouseTopic } from './catalogue.js';
export { EventBus } from './event-bus.js';
export { EventsModule } from './events.module.js';
export { MemoryEventBus } from './memory-event-bus.js';
export { RedisEventBus } from './redis-event-bus.js';
