import http from 'node:http';
import { type AddressInfo, createServer, type LookupFunction, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { objectionTo, post, type Reach } from '../../../functions/alerts/safe-request.ts';
import { type HttpService, type ServiceAnswer, startHttpService } from '../../alerts/servers/http-service.ts';
import { startHttpsService, trustLocalhost } from '../../alerts/servers/https.ts';

const OPEN: Reach = { reachPrivate: true };
const CLOSED: Reach = { reachPrivate: false };
const JSON_BODY = { headers: { 'content-type': 'application/json' }, body: '{"a":1}' };

const started: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.close()));
});

async function serve(answer: ServiceAnswer = { status: 200, body: 'fine' }): Promise<HttpService> {
  const service = await startHttpService(() => answer);
  started.push(service);
  return service;
}

/** A resolver that gives each resolution the next list of addresses. */
function resolver(...answers: string[][]) {
  let calls = 0;
  const lookup: LookupFunction = (_name, options, callback) => {
    const addresses = answers[Math.min(calls++, answers.length - 1)] ?? [];
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
  return { lookup, calls: () => calls };
}

const privateNetwork = (disableChannel: boolean) => ({
  failure: {
    status: 'refused',
    reason:
      'The address leads to a private network or to this machine. The operator of this service does not allow that.',
    disableChannel,
  },
});

test('posts the body with its headers, and returns the status and the body of the answer', async () => {
  const service = await serve({ status: 202, headers: { 'retry-after': '7' }, body: 'fine' });
  const exchange = await post(new URL(`${service.origin}/hook?a=b`), JSON_BODY, OPEN);
  expect(exchange).toMatchObject({ answer: { status: 202, body: 'fine' } });
  expect('answer' in exchange && exchange.answer.headers.get('retry-after')).toBe('7');
  expect(service.received).toMatchObject([
    {
      url: { pathname: '/hook', search: '?a=b' },
      headers: { 'content-type': 'application/json', 'content-length': '7', 'user-agent': 'Boursomatic' },
      body: '{"a":1}',
    },
  ]);
});

describe('an address inside', () => {
  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://2130706433/',
    'https://127.0.0.1./',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fd00:ec2::254]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://0/',
    'https://224.0.0.1/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://①②⑦.0.0.1/',
  ])('is refused without a request: %s', async (url) => {
    expect(await post(new URL(url), JSON_BODY, CLOSED)).toEqual(privateNetwork(true));
  });

  test('is refused if a name resolves to it, without a connection', async () => {
    const service = await serve();
    const url = new URL(service.origin.replace('http://127.0.0.1', 'https://inside.example.com'));
    const { lookup } = resolver(['127.0.0.1']);
    expect(await post(url, JSON_BODY, { reachPrivate: false, lookup })).toEqual(privateNetwork(false));
    expect(service.received).toEqual([]);
  });

  test('is refused if only one of the addresses of a name is inside', async () => {
    for (const inside of ['10.0.0.1', '::1', '::ffff:192.168.0.1']) {
      const { lookup } = resolver(['93.184.215.14', inside]);
      const url = new URL('https://mixed.example.com/');
      expect(await post(url, JSON_BODY, { reachPrivate: false, lookup })).toEqual(privateNetwork(false));
    }
  });

  test('stays out of reach for metadata services even if the operator allows private addresses', async () => {
    for (const url of ['http://169.254.169.254/latest/', 'http://[fd00:ec2::254]/', 'http://0.0.0.0/'])
      expect(await post(new URL(url), JSON_BODY, OPEN)).toEqual(privateNetwork(true));
  });
});

describe('a name that resolves inside the second time', () => {
  test('is resolved once for a request, and the connection goes to that answer', async () => {
    const service = await serve();
    const { lookup, calls } = resolver(['127.0.0.1'], ['8.8.8.8']);
    const url = new URL(service.origin.replace('127.0.0.1', 'rebinding.example.com'));
    expect(await post(url, JSON_BODY, { reachPrivate: true, lookup })).toMatchObject({
      answer: { status: 200 },
    });
    expect(calls()).toBe(1);
    expect(service.received).toMatchObject([{ headers: { host: url.host } }]);
  });

  test('is refused by the next request, which judges the answer of its own resolution', async () => {
    const service = await serve();
    const { lookup, calls } = resolver(['8.8.8.8'], ['127.0.0.1']);
    const url = new URL(service.origin.replace('http://127.0.0.1', 'https://rebinding.example.com'));
    const reach = { reachPrivate: false, lookup, deadlineMs: 50 };
    expect(await post(url, JSON_BODY, reach)).toMatchObject({ failure: { status: 'retry' } });
    expect(await post(url, JSON_BODY, reach)).toEqual(privateNetwork(false));
    expect(calls()).toBe(2);
    expect(service.received).toEqual([]);
  });
});

test('does not follow a redirect', async () => {
  const inside = await serve();
  const outside = await serve({ status: 307, headers: { location: inside.origin } });
  expect(await post(new URL(outside.origin), JSON_BODY, OPEN)).toMatchObject({ answer: { status: 307 } });
  expect(inside.received).toEqual([]);
});

describe('the form of an address', () => {
  test.each([
    ['http://example.com/', 'The address must begin with https://.'],
    ['ftp://example.com/', 'The address must begin with https://.'],
    ['file:///etc/passwd', 'The address must begin with https://.'],
    ['https://user@example.com/', 'The address must not contain a user name or a password.'],
    ['https://:word@example.com/', 'The address must not contain a user name or a password.'],
  ])('is refused: %s', async (url, reason) => {
    const failure = { status: 'refused', reason, disableChannel: true };
    expect(await post(new URL(url), JSON_BODY, CLOSED)).toEqual({ failure });
  });

  test('may be plain HTTP or local only if the operator allows private addresses', () => {
    for (const url of ['http://example.com/', 'http://localhost:8080/', 'https://192.168.1.2/']) {
      expect(objectionTo(new URL(url), false)).toBeDefined();
      expect(objectionTo(new URL(url), true)).toBeUndefined();
    }
    expect(objectionTo(new URL('ftp://example.com/'), true)).toBeDefined();
    expect(objectionTo(new URL('https://example.com:8443/'), false)).toBeUndefined();
  });
});

describe('a server that misbehaves', () => {
  const late = { failure: { status: 'retry', reason: 'The server did not answer in time.' } };

  test('is retried if it does not answer in time', async () => {
    const service = await serve(() => undefined);
    expect(await post(new URL(service.origin), JSON_BODY, { ...OPEN, deadlineMs: 100 })).toEqual(late);
  });

  test('is retried if its name does not resolve in time', async () => {
    const reach = { ...OPEN, deadlineMs: 50, lookup: () => undefined };
    expect(await post(new URL('https://slow.example.com/'), JSON_BODY, reach)).toEqual(late);
  });

  test('has answered once its status has arrived, even if its body never ends', async () => {
    const service = await serve((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(drip));
    });
    const exchange = await post(new URL(service.origin), JSON_BODY, { ...OPEN, deadlineMs: 100 });
    expect(exchange).toMatchObject({ answer: { status: 200, body: expect.stringMatching(/^x+$/) } });
  });

  test('is disconnected after 64 KiB of its body', async () => {
    let sent = 0;
    const ended = Promise.withResolvers<void>();
    const service = await serve((response) => {
      response.writeHead(500);
      response.on('close', ended.resolve);
      const flood = () => {
        while (!response.destroyed && response.write('y'.repeat(16_384))) sent += 16_384;
      };
      response.on('drain', flood);
      flood();
    });
    const exchange = await post(new URL(service.origin), JSON_BODY, OPEN);
    expect(exchange).toMatchObject({ answer: { status: 500, body: 'y'.repeat(65_536) } });
    await ended.promise;
    expect(sent).toBeGreaterThan(65_536);
  });

  test('is retried if it switches to another protocol', async () => {
    const service = await serve((response) => {
      const words = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';
      response.socket?.write(words);
    });
    expect(await post(new URL(service.origin), JSON_BODY, OPEN)).toEqual({
      failure: { status: 'retry', reason: 'The server cannot be reached.' },
    });
  });

  test('is retried if its answer is not HTTP, or has endless headers', async () => {
    for (const words of ['220 smtp.example.com ESMTP\r\n', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`]) {
      const sockets: Socket[] = [];
      const server = createServer((socket) => {
        sockets.push(socket.on('error', () => undefined));
        socket.write(words);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
      const { port } = server.address() as AddressInfo;
      expect(await post(new URL(`http://127.0.0.1:${port}/`), JSON_BODY, OPEN)).toEqual({
        failure: {
          status: 'retry',
          reason: expect.stringMatching(/^The server's answer is not HTTP \(HPE_/),
        },
      });
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  test('that the resolver of the system does not know is a result, and no uncaught error', async () => {
    const reason = expect.stringMatching(/^The server's name cannot be resolved \((ENOTFOUND|EAI_\w+)\)\.$/);
    expect(await post(new URL('https://unknown.invalid/'), JSON_BODY, CLOSED)).toEqual({
      failure: { status: 'retry', reason },
    });
  });

  test('is retried if nothing listens, if it breaks the connection, or if its name is unknown', async () => {
    const service = await serve((response) => response.socket?.destroy());
    const broken = await post(new URL(service.origin), JSON_BODY, OPEN);
    await service.close();
    const refused = await post(new URL(service.origin), JSON_BODY, OPEN);
    const lookup: LookupFunction = (name, _options, callback) =>
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), []);
    const unknown = await post(new URL('https://unknown.example.com/'), JSON_BODY, { ...CLOSED, lookup });
    expect([broken, refused, unknown]).toEqual([
      { failure: { status: 'retry', reason: 'The server cannot be reached (ECONNRESET).' } },
      { failure: { status: 'retry', reason: 'The server cannot be reached (ECONNREFUSED).' } },
      { failure: { status: 'retry', reason: "The server's name cannot be resolved (ENOTFOUND)." } },
    ]);
  });
});

describe('over TLS', () => {
  const secure = async () => {
    const service = await startHttpsService(() => ({ status: 200, body: 'fine' }));
    started.push(service);
    return { service, port: new URL(service.origin).port };
  };
  const invalid = (code: string) => ({
    failure: {
      status: 'retry',
      reason: `The server's TLS certificate or connection is not valid (${code}).`,
    },
  });

  test('retries with a certificate that nobody trusts, and sends it nothing', async () => {
    const { service, port } = await secure();
    const exchange = await post(new URL(`https://localhost:${port}/`), JSON_BODY, OPEN);
    expect(exchange).toEqual(invalid('DEPTH_ZERO_SELF_SIGNED_CERT'));
    expect(service.received).toEqual([]);
  });

  test('retries with a server that speaks plain HTTP', async () => {
    const service = await serve();
    const url = new URL(service.origin.replace('http:', 'https:'));
    expect(await post(url, JSON_BODY, OPEN)).toEqual(invalid('EPROTO'));
  });

  describe('with a trusted certificate', () => {
    trustLocalhost();

    test('delivers to its name', async () => {
      const { service, port } = await secure();
      const exchange = await post(new URL(`https://localhost:${port}/`), JSON_BODY, OPEN);
      expect(exchange).toMatchObject({ answer: { status: 200, body: 'fine' } });
      expect(service.received).toHaveLength(1);
    });

    test('retries with another name', async () => {
      const { service, port } = await secure();
      const exchange = await post(new URL(`https://127.0.0.1:${port}/`), JSON_BODY, OPEN);
      expect(exchange).toEqual(invalid('ERR_TLS_CERT_ALTNAME_INVALID'));
      expect(service.received).toEqual([]);
    });
  });
});

test('uses no proxy of the environment', async () => {
  const service = await serve();
  const proxy = await serve({ status: 502 });
  // As Node sets up the shared agent for NODE_USE_ENV_PROXY=1 and HTTP_PROXY.
  const { globalAgent } = http;
  http.globalAgent = new http.Agent({ proxyEnv: { HTTP_PROXY: proxy.origin } });
  try {
    const exchange = await post(new URL(service.origin), JSON_BODY, OPEN);
    expect(exchange).toMatchObject({ answer: { status: 200 } });
    expect(proxy.received).toEqual([]);
  } finally {
    http.globalAgent = globalAgent;
  }
});
