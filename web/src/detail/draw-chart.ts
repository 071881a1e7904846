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
import { marksOf } from './call-marks.ts';
import { type ChartColours, chartColours } from './chart-colours.ts';
import { movingAverage } from './series.ts';

/** The averages that are drawn. */
export const AVERAGES = [
  { length: 20, name: 'short' },
  { length: 50, name: 'middle' },
  { length: 200, name: 'long' },
] as const;

/** Bars' width that is left free at the right, where the levels' names stand. */
const LABEL_ROOM = 11;

interface Drawing {
  bars: Bar[];
  item: RecommendationDetail;
  calls: EarlierRecommendation[];
  /** Not read: a change of it means that the colours have changed. */
  theme: string;
  /** Told of the bar under the pointer, and of none. */
  onPoint: (bar: Bar | undefined) => void;
}

const dayOf = (bar: Bar) => bar.ts.slice(0, 10);

/** Draws the chart into an element. */
export function drawChart(element: HTMLElement, { bars, item, calls, onPoint }: Drawing) {
  const colours = chartColours(element);
  const chart = createChart(element, {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: colours.surface },
      textColor: colours.text,
      fontFamily: getComputedStyle(element).fontFamily,
      // Its logo would come with a style element, which the policy forbids; the credit stands below the chart.
      attributionLogo: false,
    },
    grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
    rightPriceScale: { borderColor: colours.grid },
    timeScale: { borderColor: colours.grid, rightOffset: LABEL_ROOM },
    localization: { locale: navigator.language, priceFormatter: price },
    // The page scrolls over a chart as over anything else.
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
    ) => widened(original(), [item.stopLoss, item.takeProfit]),
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
      bars.flatMap((bar, at) => (means[at] === undefined ? [] : [{ time: dayOf(bar), value: means[at] }])),
    );
  }
  addLevels(candles, item, colours);
  createSeriesMarkers(
    candles,
    marksOf(item, calls, bars.map(dayOf)).map(({ label, ...mark }) => ({ ...mark, color: colours[label] })),
  );
  const byDay = new Map(bars.map((bar) => [dayOf(bar), bar]));
  chart.subscribeCrosshairMove(({ time }) => onPoint(byDay.get(String(time))));
  let isRemoved = false;
  return {
    /** Shows the days from one on. */
    show: (from: string) => {
      // A chart that is removed would be drawn once more, and fail.
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

/** The levels at which the call proves right or wrong. */
function addLevels(
  series: ISeriesApi<'Candlestick'>,
  item: RecommendationDetail,
  colours: ChartColours,
): void {
  const line = { lineWidth: 2, lineStyle: LineStyle.Dashed, axisLabelVisible: true } as const;
  series.createPriceLine({ ...line, price: item.takeProfit, color: colours.target, title: 'Target' });
  series.createPriceLine({ ...line, price: item.stopLoss, color: colours.stop, title: 'Stop' });
}

/** The range of a scale with some prices in it as well. */
function widened(
  original: { priceRange: { minValue: number; maxValue: number } | null } | null,
  prices: number[],
) {
  if (!original?.priceRange) return null;
  const { minValue, maxValue } = original.priceRange;
  return { priceRange: { minValue: Math.min(minValue, ...prices), maxValue: Math.max(maxValue, ...prices) } };
}
