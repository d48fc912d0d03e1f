import type { ServerResponse } from 'node:http';

import type { Place } from '../request/place.js';

/**
 * The requests that wait for their answer. Not a Set: when one that is used all the time makes room, V8 leaves the old
 * table pointing to the new one, and as soon as one of these tables is old, whatever stood in those after it is kept
 * until the next full collection. That was a sixth of what a request costs (docs/decisions/0009-hot-path.md).
 */
export class WaitingRoom {
  private readonly places: Place[] = [];

  get size(): number {
    return this.places.length;
  }

  enter(response: ServerResponse): Place {
    const place = { response, index: this.places.length };
    this.places.push(place);
    return place;
  }

  /** Once more, after it has left. */
  enterAgain(place: Place): void {
    if (place.index !== -1) return;
    place.index = this.places.length;
    this.places.push(place);
  }

  /** Once is enough. */
  leave(place: Place): void {
    const { index } = place;
    if (index === -1) return;
    place.index = -1;
    const last = this.places.pop();
    if (last === undefined || last === place) return;
    this.places[index] = last;
    last.index = index;
  }

  /** Those whose answer has begun wait no more. */
  dismissAnswered(): void {
    for (const place of this.places.slice()) if (place.response.headersSent) this.leave(place);
  }
}
