import * as z from 'zod';
import { CHANGE_KINDS } from '../../shared/change-kinds.ts';
import { LABELS, PROFILES } from '../../shared/constants.ts';
import { CursorArgument, limitArgument, NextCursor, Notice, ProfileArgument } from '../call.ts';
import { clean, lines, NOT_ADVICE, nextPage, quoted } from '../text.ts';
import { tool } from '../tool.ts';

const Change = z.strictObject({
  symbol: z.string(),
  name: z.string().nullable().describe('The name of the company, as the vendor of the data writes it.'),
  kind: z
    .enum(CHANGE_KINDS)
    .describe(
      'label: another label. stop, target: the price reached it. withheld: too old to act on. new: the first call. back: a call after a withheld one.',
    ),
  from: z.enum(LABELS).nullable(),
  to: z.enum(LABELS).nullable(),
  why: z.string(),
  asOf: z.string().describe('The trading day of the data.'),
  occurredAt: z.string().describe('When it was published, in UTC.'),
  recommendationId: z.string().describe('The id of the call, for explain_recommendation.'),
});

export const listChanges = tool({
  name: 'list_changes',
  title: 'List changes',
  description:
    'Lists what changed about the calls of a risk profile, newest first: another label, a reached stop or target, a withheld call, a first call, a call after a withheld one.',
  input: z.strictObject({
    profile: ProfileArgument,
    kind: z.enum(CHANGE_KINDS).optional().describe('Only changes of this kind.'),
    following: z.boolean().optional().describe('Only stocks on the watchlist of the user.'),
    since: z
      .union([z.iso.date(), z.iso.datetime()])
      .optional()
      .describe('Only changes that were published after this day or instant in UTC.'),
    limit: limitArgument({ standard: 20, max: 50 }),
    cursor: CursorArgument,
  }),
  output: z.strictObject({
    profile: z.enum(PROFILES),
    items: z.array(Change),
    nextCursor: NextCursor,
    notice: Notice,
  }),
  run: async (api, query) => {
    const page = await api.call('listChanges', { query });
    return {
      profile: page.profile,
      items: page.items.map((item) => ({
        symbol: item.symbol,
        name: clean(item.name),
        kind: item.kind,
        from: item.from,
        to: item.to,
        why: item.why,
        asOf: item.asOf,
        occurredAt: item.occurredAt,
        recommendationId: item.recommendationId,
      })),
      nextCursor: page.nextCursor,
      notice: page.notice,
    };
  },
  text: ({ profile, items, nextCursor, notice }) =>
    lines(
      `Changes of the profile ${profile}, newest first.`,
      notice,
      items.map(
        ({ symbol, name, kind, from, to, why, asOf, recommendationId }) =>
          `- ${asOf} ${symbol} ${quoted(name)}: ${kind}${from === null ? '' : `, from ${from}`}${to === null ? '' : ` to ${to}`}. ${why} id ${recommendationId}`,
      ),
      items.length === 0 ? 'No change matches.' : null,
      nextPage(nextCursor),
      NOT_ADVICE,
    ),
});
