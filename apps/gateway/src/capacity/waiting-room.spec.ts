import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import fc from 'fast-check';

import type { Place } from '../request/place.js';
import { WaitingRoom } from './waiting-room.js';

const aResponse = (): ServerResponse => new ServerResponse(new IncomingMessage(new Socket()));

describe('WaitingRoom', () => {
  it('counts those who have entered and not left, in whatever order they leave', () => {
    const deeds = fc.array(fc.record({ enters: fc.boolean(), which: fc.nat() }), { maxLength: 60 });
    fc.assert(
      fc.property(deeds, (all) => {
        const room = new WaitingRoom();
        const places: Place[] = [];
        const inside = new Set<Place>();
        for (const { enters, which } of all) {
          if (enters || places.length === 0) {
            const place = room.enter(aResponse());
            places.push(place);
            inside.add(place);
          } else {
            // Perhaps one that has left already.
            const place = places[which % places.length] as Place;
            room.leave(place);
            inside.delete(place);
          }
          expect(room.size).toBe(inside.size);
        }
      }),
    );
  });

  it('dismisses those whose answer has begun, and only those', () => {
    const room = new WaitingRoom();
    const places = [0, 1, 2, 3, 4].map(() => room.enter(aResponse()));
    for (const index of [0, 2, 4]) places[index]?.response.writeHead(200).flushHeaders();
    room.dismissAnswered();
    expect(places.map(({ index }) => index === -1)).toEqual([true, false, true, false, true]);
    expect(room.size).toBe(2);
  });
});
