import type { Socket } from 'node:net';

/**
 * Keeps a socket open for reading when writing to it fails. An instance that refuses a body in the middle of it
 * answers and closes; the answer is often still unread when the next piece of the body cannot be written any more,
 * and Node would throw it away together with the socket.
 */
export function hearOut(socket: Socket, onWriteFailed: () => void): void {
  const destroy = socket.destroy.bind(socket);
  let isFirst = true;
  socket.destroy = (error?: Error) => {
    if (!isFirst || !isWriteError(error)) return destroy(error);
    isFirst = false;
    onWriteFailed();
    return socket;
  };
}

const isWriteError = (error: NodeJS.ErrnoException | undefined): boolean =>
  error?.syscall === 'write' && (error.code === 'EPIPE' || error.code === 'ECONNRESET');
