import { Refusal } from '@libs/errors';

export const nameTaken = (field: 'username'): Refusal =>
  new Refusal('RESOURCE_NAME_TAKEN', { errors: [{ field, code: 'TAKEN', message: 'is taken' }] });
