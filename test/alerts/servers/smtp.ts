import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** An e-mail as the server accepted it. */
export interface ReceivedMail {
  from: string;
  to: string[];
  /** The whole message with its headers. */
  raw: string;
}

export interface SmtpService {
  /** Its URL, with the login that it takes. */
  readonly url: string;
  readonly port: number;
  readonly mails: ReceivedMail[];
  /** Replies to recipients by address, such as `550 5.1.1 No such user`. */
  readonly refusals: Map<string, string>;
  /** The reply to the next messages' content instead of an acceptance. */
  readonly contentRefusals: string[];
  close(): Promise<void>;
}

/** An error from which smtp-server makes a reply. */
function reply(text: string): Error {
  const [, code, words] = /^(\d{3}) (.*)$/.exec(text) ?? [];
  return Object.assign(new Error(words), { responseCode: Number(code) });
}

/** Starts an SMTP server on 127.0.0.1, without TLS unless the options change it. */
export async function startSmtp(options: SMTPServerOptions = {}): Promise<SmtpService> {
  const mails: ReceivedMail[] = [];
  const refusals = new Map<string, string>();
  const contentRefusals: string[] = [];
  const server = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth({ username, password }, _session, callback) {
      if (username === 'alerts' && password === 'right') callback(null, { user: username });
      else callback(reply('535 5.7.8 Authentication failed'));
    },
    onRcptTo({ address }, _session, callback) {
      const refusal = refusals.get(address);
      callback(refusal === undefined ? null : reply(refusal));
    },
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const refusal = contentRefusals.shift();
        if (refusal !== undefined) return callback(reply(refusal));
        const from = envelope.mailFrom ? envelope.mailFrom.address : '';
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ from, to, raw: Buffer.concat(chunks).toString() });
        callback(null);
      });
    },
    ...options,
  });
  // A client that gives up ends its connection with an error.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://alerts:right@127.0.0.1:${port}`,
    port,
    mails,
    refusals,
    contentRefusals,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
