import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';

/** How a connection ends: closed in order (FIN), or reset at once (RST), as a killed backend's is. */
export type Ending = 'close' | 'reset';

/** A proxy before Postgres that breaks connections at chosen messages of the protocol. */
export interface CuttingProxy {
  port: number;
  /**
   * Breaks the connection once the server has sent a number of messages of a type from now on. They are delivered, and
   * nothing after them.
   *
   * @param type - the message's letter, such as `D` for a row, `C` for the end of a command
   */
  cutAfter(type: string, count: number, ending: Ending): void;
  /** Breaks the connection when the client sends a text; the server never sees it. */
  cutBefore(text: string, ending: Ending): void;
  /** Breaks every connection now. */
  cutAll(ending: Ending): void;
  close(): Promise<void>;
}

/** Starts a proxy on a free port of the loopback address. */
export async function startCuttingProxy(target: { host: string; port: number }): Promise<CuttingProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let serverCut: { type: string; left: number; ending: Ending } | undefined;
  let clientCut: { text: string; ending: Ending } | undefined;

  const cut = ([client, server]: [Socket, Socket], ending: Ending): void => {
    server.destroy();
    if (ending === 'reset') client.resetAndDestroy();
    else client.end();
  };

  const proxy = createServer((client) => {
    const server = dial(target.port, target.host);
    const pair: [Socket, Socket] = [client, server];
    pairs.add(pair);
    const drop = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of pair) socket.on('error', drop).on('close', drop);
    client.on('data', (bytes) => {
      if (clientCut && bytes.includes(clientCut.text)) {
        const { ending } = clientCut;
        clientCut = undefined;
        cut(pair, ending);
      } else server.write(bytes);
    });
    let pending = Buffer.alloc(0);
    server.on('data', (bytes) => {
      pending = Buffer.concat([pending, bytes]);
      const messages: Buffer[] = [];
      while (pending.length >= 5 && pending.length >= 1 + pending.readUInt32BE(1)) {
        const end = 1 + pending.readUInt32BE(1);
        messages.push(pending.subarray(0, end));
        pending = pending.subarray(end);
        if (serverCut && messages.at(-1)?.[0] === serverCut.type.charCodeAt(0) && --serverCut.left === 0) {
          const { ending } = serverCut;
          serverCut = undefined;
          client.write(Buffer.concat(messages), () => cut(pair, ending));
          return;
        }
      }
      if (messages.length > 0) client.write(Buffer.concat(messages));
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));

  return {
    port: (proxy.address() as AddressInfo).port,
    cutAfter: (type, count, ending) => {
      serverCut = { type, left: count, ending };
    },
    cutBefore: (text, ending) => {
      clientCut = { text, ending };
    },
    cutAll: (ending) => {
      for (const pair of pairs) cut(pair, ending);
    },
    close: async () => {
      for (const [client, server] of pairs) {
        client.destroy();
        server.destroy();
      }
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
