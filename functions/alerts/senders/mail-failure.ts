import type { SendResult } from '../contracts.ts';
import { channelRefused, refused, retry } from './sender.ts';

/** What nodemailer says about a failure. */
interface SmtpError {
  /** nodemailer's code, such as EAUTH or ESOCKET. */
  code: string;
  /** The command to which the server replied, such as `RCPT TO`. */
  command: string;
  /** The reply's code, such as 550; 0 without a reply. */
  responseCode: number;
  /** The reply. It may repeat addresses, so no reason contains it. */
  response: string;
}

/**
 * The result of a failure of an SMTP server. Faults of the operator's settings are retried, because the user did nothing
 * wrong and the operator can mend them within a day.
 */
export function resultOfSmtp(error: unknown): SendResult {
  const { code, command, responseCode, response } = fieldsOf(error);
  const reply = responseCode === 0 ? '' : ` (${enhancedCode(response) ?? responseCode})`;
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return retry(
      `The mail server refuses the operator's login${reply}. The operator must correct the SMTP URL.`,
    );
  if (responseCode < 500) {
    const what =
      responseCode === 0 ? `cannot be reached${code && ` (${code})`}` : `asks to try later${reply}`;
    return retry(`The operator's mail server ${what}.`);
  }
  if (command === 'RCPT TO') return resultOfRecipient(reply, response);
  if (command === 'DATA') return refused(`The mail server refuses this message${reply}.`);
  return retry(
    `The mail server refuses the operator's sender or connection${reply}. The operator must correct it.`,
  );
}

/** The enhanced status code (RFC 3463) of a reply: its second digit is the subject, 7 for policy. */
function enhancedCode(response: string): string | undefined {
  return /^\d{3}[ -]([45]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
}

function resultOfRecipient(reply: string, response: string): SendResult {
  const code = enhancedCode(response) ?? '';
  if (code.startsWith('5.7.'))
    return retry(
      `The operator's mail server does not relay to this address${reply}. The operator must allow it.`,
    );
  if (code === '5.2.2' || response.startsWith('552')) return refused(`The mailbox is full${reply}.`);
  return channelRefused(`The mail server says that this address receives no mail${reply}.`);
}

function fieldsOf(error: unknown): SmtpError {
  const { code = '', command = '', responseCode = 0, response = '' } = error as Partial<SmtpError>;
  return { code, command, responseCode, response };
}

/** Reasons for errors of Amazon SES that the operator can mend. Its messages name addresses, so no reason repeats them. */
const SES_REASONS: ReadonlyMap<string, string> = new Map([
  [
    'MessageRejected',
    'Amazon SES rejects the message. The operator must verify the sender, and have the account moved out of the sandbox.',
  ],
  [
    'MailFromDomainNotVerifiedException',
    'Amazon SES does not know the domain of the sender. The operator must verify it.',
  ],
  ['AccountSuspendedException', 'Amazon SES has suspended the account of the operator.'],
  ['SendingPausedException', 'Amazon SES has paused the sending of the operator’s account.'],
  ['LimitExceededException', 'The quota of Amazon SES is used up.'],
  ['TooManyRequestsException', 'Amazon SES asks to send less often.'],
  ['AccessDeniedException', 'Amazon SES refuses the rights of this function.'],
]);

/** The result of a failure of Amazon SES, by the name of its error. */
export function resultOfSes(error: unknown): SendResult {
  const name = error instanceof Error ? error.name : '';
  if (name === 'BadRequestException')
    return refused('Amazon SES refuses the form of this message or of its address.');
  return retry(SES_REASONS.get(name) ?? `Amazon SES cannot be reached${name && ` (${name})`}.`);
}
