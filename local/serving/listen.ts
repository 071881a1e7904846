import type { Server } from 'node:http';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';

/**
 * Listens on a port of an IP address.
 *
 * @throws BoursomaticError (`port_in_use`) if the port is taken, (`port_refused`) if only root may listen on it
 * @throws BadInputError if this machine does not have the address
 */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(refusalOf(cause, port, host)));
    server.listen(port, host, resolve);
  });
}

/** Says what the operator can do about an error of the system. */
function refusalOf(cause: NodeJS.ErrnoException, port: number, host: string): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new BoursomaticError(
        'port_in_use',
        `port ${port} is in use: choose another with --port, or a free one with --port 0`,
        { cause },
      );
    case 'EACCES':
      return new BoursomaticError(
        'port_refused',
        `port ${port} is reserved for root: choose one from 1024 with --port, and let a proxy listen on ${port}`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
      return new BadInputError(
        `--host ${host} is not an address of this machine: 0.0.0.0 and :: stand for all of its addresses`,
        { cause },
      );
    default:
      return cause;
  }
}
