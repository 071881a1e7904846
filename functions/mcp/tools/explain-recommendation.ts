import * as z from 'zod';
import { PROFILES } from '../../shared/constants.ts';
import { type Answer, type Api, ApiProblem } from '../api.ts';
import { CALL_FIELDS, callLine, Notice, ProfileArgument, SymbolArgument, toCall } from '../call.ts';
import { clean, daysOld, inHundred, kindNotes, lines, NOT_ADVICE, quoted, signed } from '../text.ts';
import { tool } from '../tool.ts';

/** The most reasons of an explanation. The strongest come first, and a model has a few dozen. */
const MOST_REASONS = 12;

const BY_ID_OR_SYMBOL = 'needs either an id or a symbol, with an optional profile only for a symbol';

export const explainRecommendation = tool({
  name: 'explain_recommendation',
  title: 'Explain a recommendation',
  description:
    'Explains one call: its reasons in words, what each input adds to the expected return, and the outcome once its horizon has passed. Give the id of a call, or a symbol for its newest call.',
  input: z
    .strictObject({
      id: z.uuid().optional().describe('The id of a call, from another tool.'),
      symbol: SymbolArgument.optional(),
      profile: ProfileArgument,
    })
    .refine(
      ({ id, symbol, profile }) => (id === undefined) !== (symbol === undefined) && !(id && profile),
      BY_ID_OR_SYMBOL,
    ),
  output: z.strictObject({
    symbol: z.string(),
    name: z.string().nullable().describe('The name of the company, as the vendor of the data writes it.'),
    profile: z.enum(PROFILES),
    ...CALL_FIELDS,
    dataAgeDays: z.int(),
    standing: z
      .enum(['current', 'withheld', 'archived'])
      .describe('withheld: too old to act on. archived: a newer call replaced it.'),
    warning: z.string().nullable().describe('Why users should not act on it; null if it is current.'),
    justification: z.string(),
    probabilities: z
      .strictObject({ SELL: z.number(), HOLD: z.number(), BUY: z.number() })
      .nullable()
      .describe("Before the profile's rules."),
    reasons: z
      .array(
        z.strictObject({
          words: z.string(),
          points: z.number().describe('What it adds to the expected return, in percentage points.'),
        }),
      )
      .describe('The strongest first.'),
    moreReasons: z.int().describe('How many weaker reasons are left out.'),
    outcome: z
      .strictObject({
        exitDay: z.string(),
        realisedReturnPct: z.number(),
        averageStockReturnPct: z.number().nullable(),
        right: z.boolean().nullable().describe('Null for HOLD, and without the return of the average stock.'),
      })
      .nullable()
      .describe('Null until the horizon has passed.'),
    modelVersion: z.string(),
    modelDataTo: z.string().nullable(),
    modelNotice: z.string().nullable(),
    notice: Notice,
  }),
  run: async (api, { id, symbol, profile }) => {
    const call = await api.call('readRecommendation', {
      path: { id: id ?? (await newestCall(api, symbol ?? '', profile)) },
    });
    const contributions = call.explanation?.contributions ?? [];
    return {
      symbol: call.symbol,
      name: clean(call.name),
      profile: call.profile,
      ...toCall(call),
      dataAgeDays: call.dataAgeDays,
      standing: call.standing,
      warning: call.warning,
      justification: call.justification,
      probabilities: call.probabilities,
      reasons: contributions.slice(0, MOST_REASONS).map(({ words, points }) => ({ words, points })),
      moreReasons: Math.max(0, contributions.length - MOST_REASONS),
      outcome: toOutcome(call.outcome),
      modelVersion: call.modelVersion,
      modelDataTo: call.modelDataTo,
      modelNotice: call.modelNotice,
      notice: call.notice,
    };
  },
  text: ({ reasons, moreReasons, probabilities, outcome, ...call }) =>
    lines(
      `${call.symbol} ${quoted(call.name)}, profile ${call.profile}: ${callLine(call)}`,
      `${call.standing === 'current' ? 'Current' : `${call.standing === 'withheld' ? 'Withheld' : 'Archived'}. ${call.warning ?? ''}`} (${daysOld(call.dataAgeDays)}).`,
      call.notice,
      call.modelNotice,
      kindNotes([call]),
      call.justification,
      probabilities &&
        `Probabilities before the profile's rules: SELL ${inHundred(probabilities.SELL)}, HOLD ${inHundred(probabilities.HOLD)}, BUY ${inHundred(probabilities.BUY)}.`,
      reasons.map(({ words, points }) => `- ${words} (${signed(points)} points)`),
      moreReasons > 0 ? `${moreReasons} weaker reasons are left out.` : null,
      outcome && outcomeLine(outcome),
      `Model ${call.modelVersion}, trained on data to ${call.modelDataTo ?? 'an unknown day'}.`,
      NOT_ADVICE,
    ),
});

/** The id of the newest call for a symbol, which may be withheld. */
async function newestCall(api: Api, symbol: string, profile: string | undefined): Promise<string> {
  const { items } = await api.call('listInstrumentRecommendations', {
    path: { symbol },
    query: { profile, limit: 1 },
  });
  const [newest] = items;
  if (newest) return newest.id;
  throw new ApiProblem({
    type: '/problems/not-found',
    title: 'Not found',
    status: 404,
    detail: `There is no call for ${symbol} yet.`,
  });
}

type Outcome = Answer<'readRecommendation'>['outcome'];

/** The result of a call in the form of every output. */
export function toOutcome(outcome: Outcome) {
  return (
    outcome && {
      exitDay: outcome.exitDay,
      realisedReturnPct: outcome.realisedReturnPct,
      averageStockReturnPct: outcome.marketReturnPct,
      right: outcome.right,
    }
  );
}

/** A result in one sentence. */
export function outcomeLine({
  exitDay,
  realisedReturnPct,
  averageStockReturnPct,
  right,
}: NonNullable<ReturnType<typeof toOutcome>>): string {
  const average =
    averageStockReturnPct === null ? '' : `, the average stock returned ${signed(averageStockReturnPct)}%`;
  const verdict = right === null ? '' : right ? '; the call was right' : '; the call was wrong';
  return `By ${exitDay} it returned ${signed(realisedReturnPct)}%${average}${verdict}.`;
}
