import { averageRanks, mean, pearson } from '../../../../functions/evaluate/correlation.ts';
import { randomNumbers } from '../../../../functions/evaluate/interval.ts';
import { LABELS, PROFILES } from '../../../../functions/shared/constants.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { addDays } from '../../../../functions/shared/days.ts';
import { afterCosts } from '../../../../functions/shared/trading-costs.ts';

/** A call and its outcome, as stored. */
export interface ScoredCall {
  instrument: number;
  version: string;
  profile: string;
  label: string;
  horizon: number;
  asOf: string;
  generatedAt: string;
  snapshot: { mom_12_1?: number };
  explanation: { score?: number; probabilities?: Record<string, number> };
  pct: number | null;
  openPct: number | null;
  firstHit: string | null;
  firstHitAfter: number | null;
  realisedLabel: string | null;
}

export interface MarketReturn {
  asOf: string;
  horizon: number;
  pct: number;
  openPct: number;
  benchmark: string | null;
  benchmarkPct: number | null;
  benchmarkOpenPct: number | null;
}

export const DAYS = [
  '2026-01-05',
  '2026-01-06',
  '2026-01-07',
  '2026-01-08',
  '2026-01-09',
  '2026-01-12',
  '2026-01-13',
];
const INSTRUMENTS = 26;

/**
 * Calls of two models with different horizons, of every profile and label, live and backdated, some published twice, some
 * without an outcome, and some with an outcome from before the newer columns.
 */
export function randomCalls(seed: number): ScoredCall[] {
  const random = randomNumbers(seed);
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
  return DAYS.flatMap((asOf, day) =>
    Array.from({ length: INSTRUMENTS }, (_, instrument) =>
      [
        { version: 'v1.2.3', horizon: 3, published: 0 },
        ...(random() < 0.2 ? [{ version: 'v1.2.3', horizon: 3, published: 1 }] : []),
        ...(random() < 0.3 ? [{ version: 'v1.2.3', horizon: 3, published: 9 }] : []),
        ...(day < 4 && random() < 0.5 ? [{ version: 'v1.1.0', horizon: 5, published: 2 }] : []),
      ].flatMap(({ version, horizon, published }) => {
        // Coarse, so that some are equal.
        const mom = Math.round(random() * 10) / 10 - 0.5;
        const [sell, buy] = [random() / 2, random() / 2];
        return PROFILES.map((profile, second): ScoredCall => {
          const isOld = day === 0;
          const hit = pick(['stop', 'target', 'neither']);
          return {
            instrument,
            version,
            profile,
            label: pick(LABELS),
            horizon,
            asOf,
            generatedAt: `${addDays(asOf, published)}T22:04:0${second}Z`,
            snapshot: mom < -0.45 ? {} : { mom_12_1: mom },
            explanation: isOld
              ? {}
              : {
                  score: Math.round(random() * 20) / 20,
                  probabilities: { SELL: sell, HOLD: 1 - sell - buy, BUY: buy },
                },
            pct: random() < 0.9 ? Math.round((random() - 0.45) * 200) / 10 : null,
            openPct: isOld ? null : (random() - 0.5) * 20,
            firstHit: isOld ? null : hit,
            firstHitAfter: isOld || hit === 'neither' ? null : 1 + Math.floor(random() * horizon),
            realisedLabel: isOld || instrument % 5 === 0 ? null : pick(LABELS),
          };
        });
      }),
    ).flat(),
  );
}

/** Market returns of most days; the fourth has no benchmark, and the last has no row. */
export function randomMarket(seed: number): MarketReturn[] {
  const random = randomNumbers(seed);
  return DAYS.slice(0, -1).flatMap((asOf, day) =>
    [3, 5].map((horizon) => ({
      asOf,
      horizon,
      pct: random() * 4 - 2,
      openPct: random() * 4 - 2,
      benchmark: day === 3 ? null : 'SPY',
      benchmarkPct: day === 3 ? null : random() * 4 - 2,
      benchmarkOpenPct: day === 3 ? null : random() * 4 - 2,
    })),
  );
}

/** Stores calls as the owner, which alone may date them. */
export async function storeCalls(sql: Sql, calls: readonly ScoredCall[]): Promise<void> {
  await sql`
    INSERT INTO instruments (symbol, exchange)
    SELECT 'S' || n, 'NASDAQ' FROM generate_series(0, ${INSTRUMENTS - 1}) n
    WHERE NOT EXISTS (SELECT FROM instruments WHERE symbol = 'S' || n)`;
  await sql`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at, as_of, run_id, archived_at)
    SELECT i.id, m.id, c.profile, c.label, 0.5, 1, c.horizon, 90, 110, 'Momentum is strong.', c.snapshot, c.explanation,
      c."generatedAt", c."asOf", 'run-1', c."generatedAt"
    FROM jsonb_to_recordset(${sql.json(calls as never)}) AS c (instrument int, version text, profile text, label text,
      horizon int, snapshot jsonb, explanation jsonb, "generatedAt" timestamptz, "asOf" timestamptz)
    JOIN instruments i ON i.symbol = 'S' || c.instrument JOIN model_versions m ON m.version = c.version`;
}

/** Stores outcomes as the pipeline. */
export async function storeOutcomes(sql: Sql, calls: readonly ScoredCall[]): Promise<void> {
  await sql`
    INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct,
      entry_open, open_return_pct, first_hit, first_hit_after, realised_label)
    SELECT r.id, r.as_of + interval '9 days', 100, 100 + c.pct, c.pct, CASE WHEN c."openPct" IS NOT NULL THEN 100 END,
      c."openPct", c."firstHit", c."firstHitAfter", c."realisedLabel"
    FROM jsonb_to_recordset(${sql.json(calls as never)}) AS c (instrument int, version text, profile text, "generatedAt" timestamptz,
      "asOf" timestamptz, pct float8, "openPct" float8, "firstHit" text, "firstHitAfter" int, "realisedLabel" text)
    JOIN instruments i ON i.symbol = 'S' || c.instrument JOIN model_versions m ON m.version = c.version
    JOIN recommendations r ON r.instrument_id = i.id AND r.model_version_id = m.id AND r.profile = c.profile
      AND r.as_of = c."asOf" AND r.generated_at = c."generatedAt"
    WHERE c.pct IS NOT NULL`;
}

export async function storeMarket(sql: Sql, market: readonly MarketReturn[]): Promise<void> {
  await sql`
    INSERT INTO track_record_market_returns (as_of, horizon_days, instruments, return_pct, open_return_pct, benchmark,
      benchmark_return_pct, benchmark_open_return_pct)
    SELECT m."asOf", m.horizon, 500, m.pct, m."openPct", m.benchmark, m."benchmarkPct", m."benchmarkOpenPct"
    FROM jsonb_to_recordset(${sql.json(market as never)}) AS m ("asOf" timestamptz, horizon int, pct float8, "openPct" float8,
      benchmark text, "benchmarkPct" float8, "benchmarkOpenPct" float8)`;
}

type Scored = ScoredCall & { pct: number };

/** The values of a track record, computed from the calls one by one. */
export function expectedRecord(
  calls: readonly ScoredCall[],
  market: readonly MarketReturn[],
  {
    profile,
    model,
    from = '',
    to = '9',
  }: { profile?: string; model?: string; from?: string; to?: string } = {},
  instrumentOrder: (instrument: number) => string = (instrument) => String(instrument).padStart(3, '0'),
) {
  const scored = calls.filter(
    (call): call is Scored => call.pct !== null && call.asOf >= from && call.asOf <= to,
  );
  const newest = (members: readonly Scored[]) => [
    ...new Map([...members].sort((a, b) => order(a, b)).map((call) => [call.instrument, call])).values(),
  ];
  const ofDay = (call: ScoredCall) =>
    scored.filter(({ asOf, horizon }) => asOf === call.asOf && horizon === call.horizon);
  const days = new Map<string, ReturnType<typeof describeDay>>();
  function describeDay(call: ScoredCall) {
    const stocks = newest(ofDay(call));
    const row = market.find(({ asOf, horizon }) => asOf === call.asOf && horizon === call.horizon);
    const opens = stocks.flatMap(({ openPct }) => openPct ?? []);
    const average = row?.pct ?? mean(stocks.map(({ pct }) => pct));
    return { stocks, row, average, openAverage: row?.openPct ?? mean(opens) };
  }
  const dayOf = (call: ScoredCall) => {
    const key = `${call.asOf} ${call.horizon}`;
    const known = days.get(key) ?? describeDay(call);
    days.set(key, known);
    return known;
  };
  const counted = scored.filter(
    (call) => (!profile || call.profile === profile) && (!model || call.version === model),
  );
  const groups = PROFILES.flatMap((profile) =>
    LABELS.flatMap((label) => {
      const own = counted.filter((call) => call.profile === profile && call.label === label);
      if (own.length === 0) return [];
      const beats = (pct: number, average: number) => (label === 'BUY' ? pct > average : pct < average);
      const share = (values: boolean[]) => (label === 'HOLD' ? null : mean(values.map(Number)));
      // The list of each day, horizon and model is as long as its calls.
      const lists = [
        ...Map.groupBy(own, (call) => `${call.asOf} ${call.horizon} ${call.version}`).values(),
      ].flatMap((members) => {
        const { stocks, average, openAverage } = dayOf(members[0] as Scored);
        const sign = label === 'BUY' ? -1 : 1;
        return stocks
          .filter(({ snapshot }) => snapshot.mom_12_1 !== undefined)
          .sort(
            (a, b) =>
              sign * ((a.snapshot.mom_12_1 as number) - (b.snapshot.mom_12_1 as number)) ||
              (instrumentOrder(a.instrument) < instrumentOrder(b.instrument) ? -1 : 1),
          )
          .slice(0, members.length)
          .map(({ pct, openPct }) => ({
            close: pct - average,
            open: openPct === null ? null : openPct - openAverage,
          }));
      });
      const entry = (
        returned: (call: Scored) => number | null,
        average: (call: Scored) => number,
        benchmark: (call: Scored) => number | null | undefined,
        momentum: (number | null)[],
      ) => {
        const known = own.filter((call) => returned(call) !== null);
        const value = (call: Scored) => returned(call) as number;
        const compared = known.filter((call) => typeof benchmark(call) === 'number');
        const returns = (after: (pct: number) => number) => ({
          returnPct: mean(known.map((call) => after(value(call)))),
          lessAveragePct: mean(known.map((call) => after(value(call)) - average(call))),
          lessBenchmarkPct: mean(compared.map((call) => after(value(call)) - (benchmark(call) as number))),
        });
        return {
          calls: known.length,
          beforeCosts: returns((pct) => pct),
          afterCosts: returns((pct) => afterCosts(label, pct)),
          momentumLessAveragePct: label === 'HOLD' ? null : mean(momentum.flatMap((pct) => pct ?? [])),
        };
      };
      const hits = own.filter(({ firstHit }) => firstHit !== null);
      const after = (which: string) =>
        hits.filter(({ firstHit }) => firstHit === which).map((call) => call.firstHitAfter as number);
      return {
        profile,
        label,
        calls: own.length,
        days: new Set(own.map(({ asOf }) => asOf)).size,
        hitRate: share(own.map((call) => beats(call.pct, dayOf(call).average))),
        baseRate:
          label === 'HOLD'
            ? null
            : mean(
                own.map((call) =>
                  mean(dayOf(call).stocks.map(({ pct }) => Number(beats(pct, dayOf(call).average)))),
                ),
              ),
        close: entry(
          ({ pct }) => pct,
          (call) => dayOf(call).average,
          (call) => dayOf(call).row?.benchmarkPct,
          lists.map(({ close }) => close),
        ),
        open: entry(
          ({ openPct }) => openPct,
          (call) => dayOf(call).openAverage,
          (call) => dayOf(call).row?.benchmarkOpenPct,
          lists.map(({ open }) => open),
        ),
        exits: {
          calls: hits.length,
          stopRate: after('stop').length / hits.length,
          targetRate: after('target').length / hits.length,
          medianSessionsToStop: median(after('stop')),
          medianSessionsToTarget: median(after('target')),
        },
      };
    }),
  );
  return {
    calls: counted.length,
    groups,
    ...expectedScores(scored.filter((call) => !model || call.version === model)),
  };
}

/** The newest call of each stock, day, horizon and model. */
function expectedScores(calls: readonly Scored[]) {
  const stated = [
    ...new Map(
      [...calls]
        .sort(order)
        .map((call) => [`${call.instrument} ${call.asOf} ${call.horizon} ${call.version}`, call]),
    ).values(),
  ];
  const labelled = stated.flatMap(({ explanation: { probabilities }, realisedLabel }) =>
    probabilities && realisedLabel !== null ? [{ probabilities, realisedLabel }] : [],
  );
  const binOf = (probability: number) => Math.min(Math.floor(probability * 15), 14);
  const bins = LABELS.map((label) => ({
    label,
    bins: [...Map.groupBy(labelled, ({ probabilities }) => binOf(probabilities[label] as number))]
      .sort(([a], [b]) => a - b)
      .map(([, members]) => ({
        meanProbability: mean(members.map(({ probabilities }) => probabilities[label] as number)),
        realisedShare: mean(members.map(({ realisedLabel }) => Number(realisedLabel === label))),
        stocks: members.length,
      })),
  }));
  const likeliest = labelled.map(({ probabilities, realisedLabel }) => {
    const confidence = Math.max(...Object.values(probabilities));
    return { confidence, right: Number(probabilities[realisedLabel] === confidence) };
  });
  const error =
    [...Map.groupBy(likeliest, ({ confidence }) => binOf(confidence)).values()]
      .map((members) => Math.abs(members.reduce((sum, { confidence, right }) => sum + right - confidence, 0)))
      .reduce((sum, gap) => sum + gap, 0) / likeliest.length;
  const correlations = [
    ...Map.groupBy(stated, ({ asOf, horizon, version }) => `${asOf} ${horizon} ${version}`).values(),
  ]
    .map((members) => members.filter(({ explanation }) => explanation.score !== undefined))
    .filter((members) => members.length >= 20)
    .map((members) =>
      pearson(
        averageRanks(members.map(({ explanation }) => explanation.score as number)),
        averageRanks(members.map(({ pct }) => pct)),
      ),
    );
  return {
    calibration: { stocks: labelled.length, expectedCalibrationError: error, labels: bins },
    rankIc: { days: correlations.length, value: mean(correlations) },
  };
}

/** Oldest first. */
function order(a: ScoredCall, b: ScoredCall): number {
  return a.generatedAt < b.generatedAt ? -1 : 1;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return mean([sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]] as number[]);
}
