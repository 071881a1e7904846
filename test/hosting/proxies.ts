import { execFileSync, spawn } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { defined } from '../../functions/shared/invariant.ts';
import { freePort } from '../../local/installation/postgres-server.ts';

/** The host name in the examples of docs/self-hosting.md. */
export const PUBLIC_HOST = 'calls.example.org';

/** A client's address. It is not the proxy's, so that it is not trusted. */
export const CLIENT = '127.0.0.7';

export const PROXIES = ['nginx', 'caddy'] as const;
export type ProxyName = (typeof PROXIES)[number];

/** A running proxy that terminates TLS for {@link PUBLIC_HOST}. */
export interface TlsProxy {
  httpPort: number;
  httpsPort: number;
  /** The certificate with which clients can verify it. */
  certificate: string;
  stop(): Promise<void>;
}

/** How to start a proxy. */
interface ProxyOptions {
  /** An empty folder for its files. */
  folder: string;
  /** Port of the service. */
  upstream: number;
}

/** Why a proxy cannot run on this machine; undefined if it can. */
export function reasonToSkip(name: ProxyName): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has further loopback addresses for clients';
  try {
    execFileSync(name, [name === 'nginx' ? '-v' : 'version'], { stdio: 'ignore', env: SEARCHED });
    return undefined;
  } catch {
    return `${name} is not installed (apt-get install ${name})`;
  }
}

/** Debian's nginx is in a folder that not every user searches. */
const SEARCHED = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/**
 * Starts a proxy with the example of docs/self-hosting.md. Only ports and files differ.
 *
 * @throws Error with its output if it ends
 */
export async function startProxy(name: ProxyName, options: ProxyOptions): Promise<TlsProxy> {
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const example = (await exampleOf(name)).replaceAll('127.0.0.1:8787', `127.0.0.1:${options.upstream}`);
  const how = { ...options, example, httpPort, httpsPort };
  const { args, certificate } = await (name === 'nginx' ? prepareNginx(how) : prepareCaddy(how));
  const child = spawn(name, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...SEARCHED, XDG_DATA_HOME: options.folder, XDG_CONFIG_HOME: options.folder },
  });
  let output = '';
  let failure: Error | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const end = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('error', (error) => {
    failure = error;
  });
  const proxy: TlsProxy = { httpPort, httpsPort, certificate: '', stop: async () => {} };
  proxy.stop = async () => {
    child.kill('SIGTERM');
    await end;
  };
  for (;;) {
    if (failure || child.exitCode !== null) throw new Error(`${name} ended:\n${output}`, { cause: failure });
    proxy.certificate = await readFile(certificate, 'utf8').catch(() => '');
    const answer = proxy.certificate && (await send(proxy, { path: '/' }).catch(() => undefined));
    if (answer) return proxy;
    await wait(50);
  }
}

/** The example of a proxy in docs/self-hosting.md. */
async function exampleOf(name: ProxyName): Promise<string> {
  const text = await readFile(new URL('../../docs/self-hosting.md', import.meta.url), 'utf8');
  return defined(
    new RegExp(`^\`\`\`${name}\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)?.[1],
    `example of ${name}`,
  );
}

interface Preparation extends ProxyOptions {
  example: string;
  httpPort: number;
  httpsPort: number;
}

async function prepareNginx({ folder, example, httpPort, httpsPort }: Preparation) {
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', `/CN=${PUBLIC_HOST}`, '-addext', `subjectAltName=DNS:${PUBLIC_HOST}`];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...files, ...subject],
    {
      stdio: 'ignore',
    },
  );
  const server = example
    .replace(/\/\S*fullchain\.pem/, certificate)
    .replace(/\/\S*privkey\.pem/, key)
    .replaceAll(/listen (\[::\]:)?80;/g, `listen $1${httpPort};`)
    .replaceAll(/listen (\[::\]:)?443 /g, `listen $1${httpsPort} `);
  // As root, nginx handles requests as another user, who keeps large bodies in the folder.
  await chmod(folder, 0o755);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(folder, kind)};`,
  );
  const lines = ['access_log off;', ...temporary, server];
  const config = `daemon off;\npid ${join(folder, 'pid')};\nevents {}\nhttp {\n${lines.join('\n')}\n}\n`;
  await writeFile(join(folder, 'nginx.conf'), config);
  return { args: ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], certificate };
}

async function prepareCaddy({ folder, example, httpPort, httpsPort }: Preparation) {
  const own = [
    'admin off',
    'local_certs',
    'skip_install_trust',
    `http_port ${httpPort}`,
    `https_port ${httpsPort}`,
  ];
  await writeFile(join(folder, 'Caddyfile'), `{\n\t${own.join('\n\t')}\n}\n${example}`);
  return {
    args: ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')],
    certificate: join(folder, 'caddy/pki/authorities/local/root.crt'),
  };
}

/** An answer through a proxy. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A request through a proxy. */
export interface ProxyRequest {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** The client's address on this machine; {@link CLIENT} by default. */
  from?: string;
  /** Without TLS. */
  isPlain?: boolean;
}

/** Sends a request for the public host through a proxy, and verifies the proxy's certificate. */
export function send(
  { httpPort, httpsPort, certificate }: Pick<TlsProxy, 'httpPort' | 'httpsPort' | 'certificate'>,
  { path, method = 'GET', headers, body, from = CLIENT, isPlain = false }: ProxyRequest,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const sent = (isPlain ? request : requestTls)({
      host: '127.0.0.1',
      port: isPlain ? httpPort : httpsPort,
      localAddress: from,
      servername: PUBLIC_HOST,
      ca: certificate,
      agent: false,
      path,
      method,
      headers: {
        host: PUBLIC_HOST,
        ...(text !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        }),
        ...headers,
      },
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: defined(response.statusCode, 'status'),
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.end(text);
  });
}
