import { ApiHeader } from '@nestjs/swagger';

export const ApiIfMatch = (): MethodDecorator & ClassDecorator =>
  ApiHeader({ name: 'If-Match', required: false, description: 'The ETag that was read; 412 if it has changed since.' });

export const ApiIdempotencyKey = (): MethodDecorator & ClassDecorator =>
  ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key with the same body acts once.' });
