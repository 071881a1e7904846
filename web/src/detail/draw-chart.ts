import {
  CandlestickSeries,
  ColorType,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type ISeriesApi,
  LineSeries,
  LineStyle,
} from 'lightweight-charts';
import type { Bar, EarlierRecommendation, RecommendationDetail } from '../../api-types.d.ts';
import { price } from '../ui/format.ts';
import { makeMarks } from './call-marks.ts';
import { type ChartColours, chartColours } from './chart-colours.ts';
import { movingAverage } from './series.ts';

/** The moving averages on the chart; length in trading days. */
export const AVERAGES = [
  { length: 20, name: 'short' },
  { length: 50, name: 'middle' },
  { length: 200, name: 'long' },
] as const;

/** Space to the right of the last bar for the labels of stop and target, in bar widths. */
const LABEL_ROOM = 11;

interface Drawing {
  bars: Bar[];
  item: RecommendationDetail;
  calls: EarlierRecommendation[];
  /** Not read here; callers draw again when it changes, because the colours change with it. */
  theme: string;
  /** Receives the bar under the pointer, or undefined when the pointer is elsewhere. */
  onHover: (bar: Bar | undefined) => void;
}

const dayOf = (bar: Bar) => bar.ts.slice(0, 10);

/** Draws the chart into an element. */
export function drawChart(element: HTMLElement, { bars, item, calls, onHover }: Drawing) {
  const colours = chartColours(element);
  const chart = createChart(element, {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: colours.surface },
      textColor: colours.text,
      fontFamily: getComputedStyle(element).fontFamily,
      // The logo needs a style element, which the content security policy forbids. PriceChart has the credit instead.
      attributionLogo: false,
    },
    grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
    rightPriceScale: { borderColor: colours.grid },
    timeScale: { borderColor: colours.grid, rightOffset: LABEL_ROOM },
    localization: {
      locale: navigator.language,
      priceFormatter: (value: number) => price(value, item.currency),
    },
    // The wheel and vertical drags scroll the page, not the chart.
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false },
  });
  const candles = chart.addSeries(CandlestickSeries, {
    upColor: colours.up,
    downColor: colours.down,
    wickUpColor: colours.up,
    wickDownColor: colours.down,
    borderVisible: false,
    priceLineVisible: false,
    autoscaleInfoProvider: (
      original: () => { priceRange: { minValue: number; maxValue: number } | null } | null,
    ) => includePrices(original(), [item.stopLoss, item.takeProfit]),
  });
  candles.setData(
    bars.map((bar) => ({ time: dayOf(bar), open: bar.open, high: bar.high, low: bar.low, close: bar.close })),
  );
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    priceLineVisible: false,
    lastValueVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  candles.priceScale().applyOptions({ scaleMargins: { top: 0.06, bottom: 0.2 } });
  volume.setData(
    bars.map((bar) => ({
      time: dayOf(bar),
      value: bar.volume,
      color: bar.close >= bar.open ? colours.volumeUp : colours.volumeDown,
    })),
  );
  for (const { length, name } of AVERAGES) {
    const line = chart.addSeries(LineSeries, {
      color: colours[name],
      lineWidth: 2,
      priceLineVisible: false,
      lastValueVisible: false,
      crosshairMarkerVisible: false,
    });
    const means = movingAverage(
      bars.map(({ close }) => close),
      length,
    );
    line.setData(
      bars.flatMap((bar, index) =>
        means[index] === undefined ? [] : [{ time: dayOf(bar), value: means[index] }],
      ),
    );
  }
  addLevels(candles, item, colours);
  createSeriesMarkers(
    candles,
    makeMarks(item, calls, bars.map(dayOf)).map(({ label, ...mark }) => ({ ...mark, color: colours[label] })),
  );
  const byDay = new Map(bars.map((bar) => [dayOf(bar), bar]));
  chart.subscribeCrosshairMove(({ time }) => onHover(byDay.get(String(time))));
  let isRemoved = false;
  return {
    /** Shows the days from `from` to the last bar. */
    show: (from: string) => {
      // Changing the range of a removed chart throws.
      if (isRemoved || bars.length === 0) return;
      const first = bars.findIndex((bar) => dayOf(bar) >= from);
      chart.timeScale().setVisibleLogicalRange({ from: Math.max(0, first), to: bars.length + LABEL_ROOM });
    },
    remove: () => {
      isRemoved = true;
      chart.remove();
    },
  };
}

/** Adds a dashed line for the call's target and stop. */
function addLevels(
  series: ISeriesApi<'Candlestick'>,
  item: RecommendationDetail,
  colours: ChartColours,
): void {
  const line = { lineWidth: 2, lineStyle: LineStyle.Dashed, axisLabelVisible: true } as const;
  series.createPriceLine({ ...line, price: item.takeProfit, color: colours.target, title: 'Target' });
  series.createPriceLine({ ...line, price: item.stopLoss, color: colours.stop, title: 'Stop' });
}

/** Extends the price range so that it includes some prices. */
function includePrices(
  original: { priceRange: { minValue: number; maxValue: number } | null } | null,
  prices: number[],
) {
  if (!original?.priceRange) return null;
  const { minValue, maxValue } = original.priceRange;
  return { priceRange: { minValue: Math.min(minValue, ...prices), maxValue: Math.max(maxValue, ...prices) } };
}
