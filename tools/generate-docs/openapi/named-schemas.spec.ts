import { z } from 'zod';

import { NamedSchemas } from './named-schemas.js';

describe('NamedSchemas', () => {
  it('makes a component of what has a name, and refers to it', () => {
    const named = new NamedSchemas();
    const lamp = z.object({ id: z.uuid(), lit: z.boolean() }).meta({ id: 'TestLamp' });
    const { schema } = named.convert(z.object({ lamps: z.array(lamp) }), { schemaType: 'output' });
    expect(JSON.stringify(schema)).toContain('/TestLamp"');
    expect(named.components).toEqual({
      TestLamp: {
        type: 'object',
        properties: { id: { type: 'string', format: 'uuid' }, lit: { type: 'boolean' } },
        required: ['id', 'lit'],
      },
    });
  });

  it('tells that what it takes is closed, and leaves open what it gives', () => {
    const named = new NamedSchemas();
    const limit = z.strictObject({ requests: z.int() }).meta({ id: 'TestLimit' });
    named.convert(limit, { schemaType: 'output' });
    expect(named.components['TestLimit']).not.toHaveProperty('additionalProperties');
    named.convert(limit, { schemaType: 'input' });
    expect(named.components['TestLimit']).toMatchObject({ additionalProperties: false });
  });

  it('has one shape for one name', () => {
    const named = new NamedSchemas();
    named.convert(z.object({ id: z.uuid() }).meta({ id: 'TestRock' }), { schemaType: 'output' });
    // Another service shows the same thing in another way.
    const other = z.object({ id: z.uuid(), height: z.int() }).meta({ id: 'TestRock' });
    expect(() => named.convert(other, { schemaType: 'output' })).toThrow('TestRock');
  });
});
