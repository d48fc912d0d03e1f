import type { ServerResponse } from 'node:http';

/** Whether an answer was given, or cannot be given any more because its client has gone. */
export const isOver = ({ closed, writableEnded }: ServerResponse): boolean => closed || writableEnded;
