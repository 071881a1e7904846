import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type * as z from 'zod';
import type { EMAIL } from '../channels/email.ts';
import type { AlertFacts } from '../contracts.ts';
import { messageOf } from '../message.ts';
import { renderHtml, renderPlain } from '../text.ts';
import { resultOfSes, resultOfSmtp } from './mail-failure.ts';
import { type Outgoing, retry, type SendContext, type Sender } from './sender.ts';

type EmailConfig = z.output<typeof EMAIL.config>;

/** How long a mail server may take for a connection, its greeting, and each answer. */
const PATIENCE_MS = 10_000;

/**
 * Sends an e-mail through the operator's SMTP server or Amazon SES. The idempotency key makes the Message-ID, by which
 * mail servers and clients recognise a repeated message.
 */
export const sendEmail: Sender<EmailConfig> = async (message, { email }) => {
  if (email === undefined)
    return retry('This installation sends no e-mail: its operator set no mail server.');
  const transport = transportOf(email);
  try {
    await transport.sendMail(mailOf(message, email.from));
    return { status: 'sent' };
  } catch (error) {
    return email.smtpUrl === undefined ? resultOfSes(error) : resultOfSmtp(error);
  } finally {
    transport.close();
  }
};

/** One attempt: the outbox makes the others, and the client's own could send a message twice. */
const sesClient = new SESv2Client({
  maxAttempts: 1,
  requestHandler: { connectionTimeout: PATIENCE_MS, requestTimeout: PATIENCE_MS },
});

function transportOf({ smtpUrl }: NonNullable<SendContext['email']>) {
  // Values of the URL, such as ?requireTLS=false, win over these.
  return smtpUrl === undefined
    ? createTransport({ SES: { sesClient, SendEmailCommand } })
    : createTransport({
        url: smtpUrl,
        requireTLS: hasRemoteLogin(smtpUrl),
        connectionTimeout: PATIENCE_MS,
        greetingTimeout: PATIENCE_MS,
        socketTimeout: PATIENCE_MS,
        dnsTimeout: PATIENCE_MS,
      });
}

/** Whether a password would go over a network: then the connection must be encrypted. */
function hasRemoteLogin(smtpUrl: string): boolean {
  const { username, hostname } = new URL(smtpUrl);
  return username !== '' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function mailOf({ id, createdAt, config, facts }: Outgoing<EmailConfig>, from: string): SendMailOptions {
  const message = messageOf(facts);
  return {
    from: { name: 'Boursomatic', address: from },
    to: { name: '', address: config.address },
    subject: message.title,
    text: renderPlain(message, { title: false }),
    html: renderHtml(message),
    messageId: `<${id}@${from.split('@').at(-1)}>`,
    date: new Date(createdAt),
    headers: { 'Auto-Submitted': 'auto-generated', ...unsubscribeHeaders(facts) },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** One-click unsubscription (RFC 8058) exists only over HTTPS. Otherwise the header names the page (RFC 2369). */
function unsubscribeHeaders({ pageUrl, oneClickPath, unsubscribePath }: AlertFacts): Record<string, string> {
  return pageUrl.startsWith('https:')
    ? {
        'List-Unsubscribe': `<${pageUrl}${oneClickPath}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }
    : { 'List-Unsubscribe': `<${pageUrl}${unsubscribePath}>` };
}
