import { afterAll } from 'vitest';
import { SAMPLE_DATABASE } from '../../local/installation/chosen-data.ts';
import { defined } from '../../web/src/defined.ts';
import { type SmtpService, startSmtp } from '../alerts/servers/smtp.ts';
import { CALLED, publishDay } from '../functions/infer/changes-support.ts';
import type { ServiceOptions, TestService } from './service-support.ts';

/** A mail server on a loopback address, and the options of a service that sends through it. */
export function useMail() {
  let smtp: SmtpService | undefined;
  afterAll(() => smtp?.close());
  return {
    smtp: () => smtp as SmtpService,
    prepare: async (): Promise<ServiceOptions> => {
      smtp = await startSmtp();
      return {
        args: ['--smtp-from', 'alerts@example.com'],
        database: SAMPLE_DATABASE,
        environment: { SMTP_URL: smtp.url },
      };
    },
    /** The texts of the messages to an address, in the order of their arrival. */
    mailsTo: (address: string): string[] =>
      (smtp as SmtpService).mails.filter(({ to }) => to.includes(address)).map(({ raw }) => decode(raw)),
  };
}

/** Undoes the quoted-printable encoding of ASCII text, which breaks long links. */
function decode(raw: string): string {
  return raw
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The path of the link in a message that stops it. */
export function unsubscribePath(mail: string): string {
  return defined(/\/unsubscribe\?token=[A-Za-z0-9_-]+/.exec(mail)?.[0], 'link that stops messages');
}

/** Publishes a call of AAPL by the transaction of Publish, for the day of its present call. */
export function publishCall(service: TestService, label: keyof typeof CALLED): Promise<void> {
  return service.asOwner(async (sql) => {
    const [call] = await sql<[{ id: string; model: string; day: string; run: string }]>`
      SELECT i.id, r.model_version_id AS model, to_char(r.as_of, 'YYYY-MM-DD') AS day, r.run_id AS run
      FROM recommendations r JOIN instruments i ON i.id = r.instrument_id
      WHERE i.symbol = 'AAPL' AND r.is_active AND r.profile = 'conservative'`;
    await publishDay(
      sql,
      { runId: call.run, asOf: call.day, model: call.model },
      { [call.id]: { ...CALLED[label] } },
    );
  });
}
