import { ApiHeader } from '@nestjs/swagger';

/** Documents the header that `@IfMatch()` reads. */
export const ApiIfMatch = (): MethodDecorator & ClassDecorator =>
  ApiHeader({ name: 'If-Match', required: false, description: 'The ETag that was read; 412 if it has changed since.' });

/** Documents the header that makes a POST act once. */
export const ApiIdempotencyKey = (): MethodDecorator & ClassDecorator =>
  ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key with the same body acts once.' });
