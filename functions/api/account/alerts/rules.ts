import * as z from 'zod';
import { wallClock } from '../../../shared/clock.ts';
import { PROFILES } from '../../../shared/constants.ts';
import { endpoint } from '../../core/endpoint.ts';
import { Id, Instant } from '../../lists/fields.ts';
import { choice, IdParams } from '../../lists/parameters.ts';
import { LocalTime } from './local-time.ts';
import {
  addRule,
  changeRule,
  deleteRule,
  FREQUENCIES,
  listRules,
  MOST_RULES,
  RULE_KINDS,
  RULE_SCOPES,
} from './rule-store.ts';

const WEEKDAY_RULE = 'must be a whole number from 1 (Monday) to 7 (Sunday)';

/** What a user decides about a rule, besides its kind. */
const SETTINGS = {
  scope: choice(RULE_SCOPES).describe('`followed`: stocks that the user follows. `all`: all stocks.'),
  profile: choice(PROFILES)
    .nullable()
    .describe("The risk profile whose calls matter; null for the user's preferred one."),
  channelIds: z
    .array(z.uuid('must be a UUID'))
    .max(50)
    .nullable()
    .describe('The channels that receive the messages; null for all, including later ones.'),
  isOn: z.boolean().describe('Whether the rule sends messages.'),
  frequency: choice(FREQUENCIES).nullable().describe('How often a digest is sent; null for other rules.'),
  time: LocalTime.nullable().describe('The local time of a digest; null for other rules.'),
  weekday: z
    .int(WEEKDAY_RULE)
    .min(1, WEEKDAY_RULE)
    .max(7, WEEKDAY_RULE)
    .nullable()
    .describe('The day of a weekly digest: 1 is Monday; null for other rules.'),
};

const KIND = choice(RULE_KINDS).describe(
  '`label`: another label, a first call, or a call that is withheld or back. `calls`: a new BUY or SELL. `levels`: a call reached its stop or target. `digest`: all of these, daily or weekly. No digest is sent if nothing changed.',
);

export const AlertRuleItem = z
  .strictObject({
    id: Id,
    kind: KIND,
    ...SETTINGS,
    createdAt: Instant.describe('When the rule was made, in UTC.'),
  })
  .meta({ id: 'AlertRule', description: 'A rule that decides which changes the user receives.' });

const AlertRules = z
  .strictObject({ items: z.array(AlertRuleItem).describe('Oldest first.') })
  .meta({ id: 'AlertRules', description: 'The rules of the user.' });

/** The body of POST /v1/me/alerts/rules. */
const RuleRequest = z.strictObject({
  kind: KIND,
  scope: SETTINGS.scope
    .optional()
    .describe('The stocks: by default `all` for the kind `calls`, and `followed` for the others.'),
  profile: SETTINGS.profile.default(null),
  channelIds: SETTINGS.channelIds.default(null),
  isOn: SETTINGS.isOn.default(true),
  frequency: SETTINGS.frequency.default(null),
  time: SETTINGS.time.default(null),
  weekday: SETTINGS.weekday.default(null),
});

export const listAlertRulesEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/alerts/rules',
  operationId: 'listAlertRules',
  summary: 'List my rules',
  access: 'user',
  answer: { status: 200, schema: AlertRules, description: 'The rules.' },
  handle: async ({ caller }, { sql }) => ({ body: { items: await listRules(sql, caller.userId) } }),
});

export const addAlertRuleEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/alerts/rules',
  operationId: 'addAlertRule',
  summary: 'Add a rule',
  description: `You may have ${MOST_RULES} rules. A change that several rules want is sent once to each channel.`,
  access: 'user',
  body: RuleRequest,
  answer: { status: 201, schema: AlertRuleItem, description: 'The rule.' },
  problems: ['conflict'],
  handle: async ({ body, caller: { userId } }, { sql }) => {
    const { scope = body.kind === 'calls' ? 'all' : 'followed' } = body;
    return { body: await sql.begin((tx) => addRule(tx, userId, { ...body, scope }, wallClock())) };
  },
});

export const changeAlertRuleEndpoint = endpoint({
  group: 'account',
  method: 'PATCH',
  path: '/v1/me/alerts/rules/{id}',
  operationId: 'changeAlertRule',
  summary: 'Change a rule',
  description: 'Members that you leave out keep their values. The kind cannot change.',
  access: 'user',
  params: IdParams,
  body: z.strictObject(SETTINGS).partial(),
  answer: { status: 200, schema: AlertRuleItem, description: 'The changed rule.' },
  problems: ['not-found'],
  handle: async ({ params: { id }, body, caller: { userId } }, { sql }) => {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    return { body: await sql.begin((tx) => changeRule(tx, userId, id, given, wallClock())) };
  },
});

export const deleteAlertRuleEndpoint = endpoint({
  group: 'account',
  method: 'DELETE',
  path: '/v1/me/alerts/rules/{id}',
  operationId: 'deleteAlertRule',
  summary: 'Delete a rule',
  access: 'user',
  params: IdParams,
  answer: { status: 204, description: 'The rule is deleted.' },
  problems: ['not-found'],
  handle: async ({ params: { id }, caller: { userId } }, { sql }) => {
    await deleteRule(sql, userId, id);
    return { body: undefined };
  },
});
