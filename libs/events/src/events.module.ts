import { Global, Logger, Module } from '@nestjs/common';

import { RedisConnections } from '@libs/redis';

import { EventBus } from './event-bus.js';
import { MemoryEventBus } from './memory-event-bus.js';
import { RedisEventBus } from './redis-event-bus.js';

const eventBus = ({ commands, events }: RedisConnections): EventBus =>
  commands === undefined || events === undefined
    ? new MemoryEventBus()
    : new RedisEventBus(commands, events, new Logger(RedisEventBus.name));

/** The event bus, over Redis where `RedisModule` has it. To be imported after that: what is imported later ends first. */
@Global()
@Module({
  providers: [{ provide: EventBus, inject: [RedisConnections], useFactory: eventBus }],
  exports: [EventBus],
})
export class EventsModule {}
