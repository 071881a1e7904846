import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { send } from '../../../../functions/alerts/senders/registry.ts';
import { LOCALHOST_PEM } from '../../../alerts/servers/https.ts';
import { type SmtpService, startSmtp } from '../../../alerts/servers/smtp.ts';
import { useMockClient } from '../../../support/mock-client.ts';
import { exampleChange, exampleContext, exampleDelivery, exampleFacts } from '../examples.ts';

const FROM = 'alerts@stocks.example.org';
const TO = 'reader@example.com';

let smtp: SmtpService;
beforeAll(async () => {
  smtp = await startSmtp();
});
afterAll(() => smtp.close());
beforeEach(() => {
  smtp.mails.length = 0;
  smtp.refusals.clear();
});

const attempt = (facts = exampleFacts(), smtpUrl = smtp.url, address = TO) =>
  send(exampleDelivery('email', { address }, facts), exampleContext({ email: { from: FROM, smtpUrl } }));

/** The headers of a message by lower-case name, unfolded. */
function headersOf(raw: string): Map<string, string> {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');
  return new Map(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

/** The decoded parts of a message by content type. */
function partsOf(raw: string): Record<string, string> {
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1];
  const parts = raw.split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head = '', ...body] = part.trim().split('\r\n\r\n');
      const type = /content-type: ([^;\s]+)/i.exec(head)?.[1] ?? '';
      const text = body.join('\r\n\r\n');
      if (/base64/i.test(head)) return [type, Buffer.from(text, 'base64').toString()];
      const bytes = text
        .replaceAll('=\r\n', '')
        .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      return [type, Buffer.from(bytes, 'latin1').toString()];
    }),
  );
}

describe('an e-mail', () => {
  test('has a text and an HTML part, and headers by which programs stop it and recognise a repetition', async () => {
    expect(await attempt()).toEqual({ status: 'sent' });
    expect(await attempt()).toEqual({ status: 'sent' });
    const [first, second] = smtp.mails;
    expect(first).toMatchObject({ from: FROM, to: [TO] });
    const headers = headersOf(first?.raw ?? '');
    expect(Object.fromEntries(headers)).toMatchObject({
      from: `Boursomatic <${FROM}>`,
      to: TO,
      date: 'Mon, 30 Nov 2026 22:15:00 +0000',
      'message-id': `<${exampleDelivery('email', {}).id}@stocks.example.org>`,
      'auto-submitted': 'auto-generated',
      'list-unsubscribe': '<https://stocks.example.org/v1/alerts/unsubscribe?token=t0k3n>',
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
    });
    expect(headersOf(second?.raw ?? '').get('message-id')).toBe(headers.get('message-id'));
    const parts = partsOf(first?.raw ?? '');
    expect(parts['text/plain']).toMatch(/^NVIDIA Corporation\r?\nChance: 48 in 100/);
    expect(parts['text/html']).toContain('NVDA: HOLD → BUY (moderate)</h1>');
    expect(parts['text/html']).toContain('<a href="https://stocks.example.org/unsubscribe?token=t0k3n">');
  });

  test('keeps a long token in one piece', async () => {
    const oneClickPath = `/v1/alerts/unsubscribe?token=${'aB3-_'.repeat(60)}`;
    await attempt(exampleFacts({ oneClickPath }));
    expect(headersOf(smtp.mails[0]?.raw ?? '').get('list-unsubscribe')).toBe(
      `<https://stocks.example.org${oneClickPath}>`,
    );
  });

  test('names the page instead of one click where the page has no HTTPS', async () => {
    await attempt(exampleFacts({ pageUrl: 'http://localhost:8080' }));
    const headers = headersOf(smtp.mails[0]?.raw ?? '');
    expect(headers.get('list-unsubscribe')).toBe('<http://localhost:8080/unsubscribe?token=t0k3n>');
    expect(headers.has('list-unsubscribe-post')).toBe(false);
  });

  test('gets no header from a name or a notice', async () => {
    const hostile = 'Acme\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>';
    const change = exampleChange({ name: hostile, why: hostile });
    await attempt(exampleFacts({ changes: [change], notice: hostile, confirmationCode: `1\r\nBcc: a@b.c` }));
    const [mail] = smtp.mails;
    expect(mail?.to).toEqual([TO]);
    expect([...headersOf(mail?.raw ?? '').keys()]).not.toContain('bcc');
    expect(partsOf(mail?.raw ?? '')['text/html']).not.toContain('<script');
  });
});

describe('a mail server', () => {
  test.each([
    ['550 5.1.1 No such user', true, /receives no mail \(5\.1\.1\)/],
    ['550 No such user here', true, /receives no mail \(550\)/],
    ['553 5.1.3 Bad address', true, /receives no mail/],
    ['552 5.2.2 Mailbox full', false, /mailbox is full/],
  ])('that answers a recipient with %s refuses', async (reply, disableChannel, reason) => {
    smtp.refusals.set(TO, reply);
    const result = { status: 'refused', reason: expect.stringMatching(reason), disableChannel };
    expect(await attempt()).toEqual(result);
    expect(smtp.mails).toEqual([]);
  });

  test.each([
    ['450 4.2.1 Try again later', /asks to try later \(4\.2\.1\)/],
    ['421 Too many connections', /asks to try later \(421\)/],
    ['554 5.7.1 Relay access denied', /does not relay .* The operator must allow it/],
  ])('that answers a recipient with %s is retried', async (reply, reason) => {
    smtp.refusals.set(TO, reply);
    expect(await attempt()).toEqual({ status: 'retry', reason: expect.stringMatching(reason) });
  });

  test('that refuses the content refuses one message', async () => {
    smtp.contentRefusals.push('554 5.6.0 Looks like spam');
    const reason = 'The mail server refuses this message (5.6.0).';
    expect(await attempt()).toEqual({ status: 'refused', reason, disableChannel: false });
    smtp.contentRefusals.push('451 4.3.0 Greylisted');
    expect(await attempt()).toMatchObject({ status: 'retry' });
  });

  test('that refuses the login is retried, because the operator can correct it', async () => {
    const result = await attempt(exampleFacts(), smtp.url.replace('right', 'wrong'));
    expect(result).toEqual({
      status: 'retry',
      reason: "The mail server refuses the operator's login (5.7.8). The operator must correct the SMTP URL.",
    });
  });

  test('that cannot be reached is retried', async () => {
    const gone = await startSmtp();
    await gone.close();
    expect(await attempt(exampleFacts(), gone.url)).toEqual({
      status: 'retry',
      reason: expect.stringMatching(/^The operator's mail server cannot be reached \(E/),
    });
  });

  test('that never greets is retried', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    // A value in the URL wins over the ten seconds.
    const url = `smtp://127.0.0.1:${port}/?greetingTimeout=100`;
    expect(await attempt(exampleFacts(), url)).toMatchObject({ status: 'retry' });
    silent.close();
  });

  test('with a certificate that nobody trusts gets no message', async () => {
    const tls = await startSmtp({ hideSTARTTLS: false, key: LOCALHOST_PEM, cert: LOCALHOST_PEM });
    expect(await attempt(exampleFacts(), tls.url)).toMatchObject({ status: 'retry' });
    expect(tls.mails).toEqual([]);
    const accepted = `${tls.url}/?tls.rejectUnauthorized=false`;
    expect(await attempt(exampleFacts(), accepted)).toEqual({ status: 'sent' });
    await tls.close();
  });

  test('far away gets no password without TLS', async () => {
    // 127.0.0.2 is not one of the names that this machine goes by.
    const { port } = new URL(smtp.url);
    const far = await attempt(exampleFacts(), `smtp://alerts:right@127.0.0.2:${port}`);
    expect(far).toMatchObject({ status: 'retry' });
    expect(smtp.mails).toEqual([]);
  });
});

test('an installation without a mail server asks to retry', async () => {
  const delivery = exampleDelivery('email', { address: TO });
  expect(await send(delivery, exampleContext())).toEqual({
    status: 'retry',
    reason: 'This installation sends no e-mail: its operator set no mail server.',
  });
});

describe('Amazon SES', () => {
  const ses = useMockClient(SESv2Client);
  const viaSes = () =>
    send(exampleDelivery('email', { address: TO }), exampleContext({ email: { from: FROM } }));

  test('gets the whole message with its headers', async () => {
    ses.on(SendEmailCommand).resolves({ MessageId: 'm1' });
    expect(await viaSes()).toEqual({ status: 'sent' });
    const input = ses.commandCalls(SendEmailCommand)[0]?.args[0].input;
    expect(input).toMatchObject({ Destination: { ToAddresses: [TO] } });
    const raw = Buffer.from(input?.Content?.Raw?.Data ?? '').toString();
    expect(headersOf(raw).get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  });

  test.each([
    ['MessageRejected', 'retry', /sandbox/],
    ['SendingPausedException', 'retry', /paused/],
    ['TooManyRequestsException', 'retry', /less often/],
    ['TimeoutError', 'retry', /cannot be reached \(TimeoutError\)/],
    ['BadRequestException', 'refused', /form/],
  ])('that fails with %s leads to "%s"', async (name, status, reason) => {
    ses.on(SendEmailCommand).rejects(Object.assign(new Error(`${TO} is not verified`), { name }));
    const result = await viaSes();
    expect(result).toMatchObject({ status, reason: expect.stringMatching(reason) });
    expect(JSON.stringify(result)).not.toContain(TO);
  });
});
