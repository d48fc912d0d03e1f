import { Refusal } from '@libs/errors';

import type { GrpcServiceDefinition } from './service-definition.js';

/** The bytes of a request, until it is known who sends them. */
export class UnreadMessage {
  constructor(
    private readonly bytes: Buffer,
    private readonly decode: (bytes: Buffer) => unknown,
  ) {}

  read(): unknown {
    try {
      return this.decode(this.bytes);
    } catch (cause) {
      throw new Refusal('REQUEST_INVALID', { internal: 'the message cannot be read', cause });
    }
  }
}

/** The same calls, but their requests stay bytes. */
export const leftUnread = (definition: GrpcServiceDefinition): GrpcServiceDefinition =>
  Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      { ...method, requestDeserialize: (bytes: Buffer) => new UnreadMessage(bytes, method.requestDeserialize) },
    ]),
  );
