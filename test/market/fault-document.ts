import type { Fault, MissingField } from './faults.ts';
import type { Cell } from './sheet.ts';
import type { ChartDocument, ChartResult } from './yahoo-chart.ts';
import type { SummaryDocument } from './yahoo-summary.ts';

/** Applies a fault of the document's form to a chart; other faults leave it unchanged. */
export function spoilChart(document: ChartDocument, fault: Fault): ChartDocument {
  const result = document.chart.result?.[0];
  if (!result) return document;
  const withResult = (changed: ChartResult): ChartDocument => ({ chart: { result: [changed], error: null } });
  switch (fault.kind) {
    case 'empty':
      if (fault.form === 'list') return { chart: { result: [], error: null } };
      if (fault.form === 'null' || !fault.form) return { chart: { result: null, error: null } };
      return withResult({
        meta: fault.form === 'stub' ? stubOf(result.meta) : result.meta,
        indicators: { quote: [{}], adjclose: [{}] },
      });
    case 'extra_fields':
      return withExtraFields(result);
    case 'missing_field':
      return withResult(withoutField(result, fault.field ?? 'adjclose'));
    case 'unequal_columns': {
      const column = fault.column ?? 'close';
      const quote = { ...result.indicators.quote[0] };
      quote[column] = (quote[column] ?? []).slice(0, -1);
      return withResult({ ...result, indicators: { ...result.indicators, quote: [quote] } });
    }
    case 'wrong_unit':
    case 'other_unit': {
      const swapped = { GBp: 'GBP', GBP: 'GBp', ZAc: 'ZAR', ILA: 'ILS' }[String(result.meta.currency)];
      if (swapped === undefined) return document;
      const changed = fault.kind === 'wrong_unit' ? result : inMajorUnit(result);
      return withResult({ ...changed, meta: { ...result.meta, currency: swapped } });
    }
    default:
      return document;
  }
}

/** Applies a fault of the document's form to a quote summary; other faults leave it unchanged. */
export function spoilSummary(document: SummaryDocument, fault: Fault): SummaryDocument {
  const result = document.quoteSummary.result?.[0];
  if (!result) return document;
  const answer = (changed: SummaryDocument['quoteSummary']['result']): SummaryDocument => ({
    quoteSummary: { result: changed, error: null },
  });
  if (fault.kind === 'empty') return answer(fault.form === 'null' ? null : fault.form === 'list' ? [] : [{}]);
  if (fault.kind === 'extra_fields') {
    const extended = Object.entries(result).map(([name, module]) => [
      name,
      { ...module, lunarPhase: 'waxing' },
    ]);
    return answer([Object.fromEntries(extended)]);
  }
  if (fault.kind !== 'missing_field') return document;
  const { assetProfile: _, ...others } = result;
  return answer([others]);
}

/** What Yahoo keeps of a symbol that was renamed, merged or delisted. */
function stubOf(meta: ChartResult['meta']): ChartResult['meta'] {
  const none = { currency: null, firstTradeDate: null, exchangeName: 'YHD', fullExchangeName: 'YHD' };
  return { ...meta, ...none, instrumentType: 'ALTSYMBOL' };
}

/** The prices and dividends of a chart divided by a hundred. */
function inMajorUnit({ indicators, events, ...rest }: ChartResult): ChartResult {
  const hundredth = (cells: readonly Cell[] = []) =>
    cells.map((cell) => (typeof cell === 'number' ? cell / 100 : cell));
  const dividends = Object.entries(events?.dividends ?? {}).map(([ts, dividend]) => {
    const { amount, ...others } = dividend as { amount: number };
    return [ts, { ...others, amount: amount / 100 }];
  });
  return {
    ...rest,
    ...(events && {
      events: { ...events, ...(events.dividends && { dividends: Object.fromEntries(dividends) }) },
    }),
    indicators: {
      quote: indicators.quote.map(({ open, high, low, close, ...others }) => ({
        ...others,
        open: hundredth(open),
        high: hundredth(high),
        low: hundredth(low),
        close: hundredth(close),
      })),
      ...(indicators.adjclose && {
        adjclose: indicators.adjclose.map(({ adjclose }) => ({ adjclose: hundredth(adjclose) })),
      }),
    },
  };
}

function withExtraFields(result: ChartResult): ChartDocument {
  const { meta, indicators } = result;
  const [quote = {}] = indicators.quote;
  const [count] = [quote.close?.length ?? 0];
  const extended = {
    ...result,
    meta: { ...meta, lunarPhase: 'waxing', settlement: { cycle: 'T+1' } },
    indicators: {
      ...indicators,
      quote: [{ ...quote, vwap: new Array<number>(count).fill(1) }],
      unadjquote: [{ unadjclose: new Array<number>(count).fill(1) }],
    },
    comparisons: [],
  };
  const chart = { result: [extended], error: null, traceId: '5hg4v1plc1egp' };
  return { chart };
}

function withoutField(result: ChartResult, field: MissingField): ChartResult {
  const { meta, indicators } = result;
  switch (field) {
    case 'adjclose':
      return { ...result, indicators: { quote: indicators.quote } };
    case 'close':
    case 'volume': {
      const { [field]: _, ...quote } = indicators.quote[0] ?? {};
      return { ...result, indicators: { ...indicators, quote: [quote] } };
    }
    case 'currency':
      return { ...result, meta: { ...meta, currency: null } };
    default: {
      const { [field]: _, ...rest } = meta;
      return { ...result, meta: rest };
    }
  }
}
