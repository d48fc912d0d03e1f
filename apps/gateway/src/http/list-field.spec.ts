import { streamKind } from './event-stream.js';
import { hasMember, membersOf } from './list-field.js';

describe('a field that is a list', () => {
  it.each([
    ['', []],
    [' , ,', []],
    ['a', ['a']],
    [',a,\tb ,,C', ['a', 'b', 'C']],
  ])('has in "%s" the members %j', (field, members) => {
    expect(membersOf(field)).toEqual(members);
  });

  it.each([
    ['trailers', true],
    ['Trailers', true],
    ['gzip;q=0.5, trailers', true],
    [', trailers ,', true],
    ['trailersome', false],
    ['no-trailers, gzip', false],
    ['', false],
  ])('with "%s" has trailers in it: %s', (field, has) => {
    expect(hasMember(field, 'trailers')).toBe(has);
  });
});

describe('the type of an answer', () => {
  it.each([
    ['text/event-stream', 'events'],
    ['Text/Event-Stream; charset=utf-8', 'events'],
    ['text/event-streams', undefined],
    ['application/grpc', 'grpc'],
    ['Application/GRPC+proto', 'grpc'],
    ['application/grpc-web', undefined],
  ])('is read in any case: %s', (type, kind) => {
    expect(streamKind({ headers: ['content-type', type] })).toBe(kind);
  });
});
