import { GetAccountCommand, GetEmailIdentityCommand } from '@aws-sdk/client-sesv2';
import type { Clients } from './clients.ts';
import { call, type Finding } from './findings.ts';
import type { Target } from './target.ts';

const CHECK = 'E-mail';

/** Checks that Amazon SES accepts the sender of messages to users, and whom it delivers to. */
export async function checkMail({ ses }: Clients, { settings, region }: Target): Promise<Finding[]> {
  const { alertsFrom } = settings;
  if (alertsFrom === undefined) return [];
  if (!(await isVerified(ses, alertsFrom)))
    return [
      {
        check: CHECK,
        verdict: 'problem',
        answer: `Amazon SES in ${region} has not verified ${alertsFrom} or its domain, and refuses every message from it`,
        remedy: 'Add and verify an identity in the console of SES, or remove the setting alertsFrom.',
      },
    ];
  const { ProductionAccessEnabled, SendingEnabled } = await call('ses:GetAccount', () =>
    ses.send(new GetAccountCommand({})),
  );
  if (SendingEnabled === false)
    return [
      {
        check: CHECK,
        verdict: 'problem',
        answer: 'Amazon SES has paused the sending of this account',
        remedy: 'Read the reason in the console of SES, Account dashboard.',
      },
    ];
  if (!ProductionAccessEnabled)
    return [
      {
        check: CHECK,
        verdict: 'note',
        answer: 'the account is in the sandbox of Amazon SES, which delivers only to verified addresses',
        remedy: 'Request production access in the console of SES, Account dashboard.',
      },
    ];
  return [{ check: CHECK, verdict: 'ok', answer: `Amazon SES sends from ${alertsFrom}` }];
}

/** Whether the address is a verified identity, or its domain is. */
async function isVerified(ses: Clients['ses'], address: string): Promise<boolean> {
  for (const EmailIdentity of [address, address.slice(address.indexOf('@') + 1)]) {
    try {
      const { VerifiedForSendingStatus } = await call('ses:GetEmailIdentity', () =>
        ses.send(new GetEmailIdentityCommand({ EmailIdentity })),
      );
      if (VerifiedForSendingStatus) return true;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'NotFoundException') throw error;
    }
  }
  return false;
}
