import { useEffect, useRef, useState } from 'react';
import type { Bar, EarlierRecommendation, RecommendationDetail } from '../../api-types.d.ts';
import { LABELS } from '../api/profiles.ts';
import { useTheme } from '../shell/theme.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { day, price, whole } from '../ui/format.ts';
import { AVERAGES, drawChart } from './draw-chart.ts';
import { daysBefore } from './series.ts';

/** Candles, volume and averages, with the call's levels and earlier calls. */
export default function PriceChart({
  bars,
  item,
  calls,
  days,
}: {
  bars: Bar[];
  item: RecommendationDetail;
  calls: EarlierRecommendation[];
  days: number;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<Bar>();
  const [theme] = useTheme();
  const last = bars.at(-1);
  const from = last && daysBefore(last.ts.slice(0, 10), days);
  const [chart, setChart] = useState<ReturnType<typeof drawChart>>();
  useEffect(() => {
    if (!place.current) return;
    const drawn = drawChart(place.current, { bars, item, calls, theme, onPoint: setPointed });
    setChart(drawn);
    return () => drawn.remove();
  }, [bars, item, calls, theme]);
  useEffect(() => {
    if (from) chart?.show(from);
  }, [chart, from]);
  const told = pointed ?? last;
  return (
    <div className="chart">
      <div className="chart-legend">
        {told && (
          <p className="chart-bar" aria-hidden="true">
            <span>{day(told.ts)}</span>
            <span>O {price(told.open)}</span>
            <span>H {price(told.high)}</span>
            <span>L {price(told.low)}</span>
            <span>C {price(told.close)}</span>
            <span>V {whole(told.volume)}</span>
          </p>
        )}
        <ul className="chart-keys">
          {AVERAGES.map(({ length, name }) => (
            <li key={length} className={`chart-key chart-key-${name}`}>
              {length}-day average
            </li>
          ))}
          <li className="chart-marks">
            Where the call changed
            {LABELS.map((label) => (
              <CallBadge key={label} label={label} />
            ))}
          </li>
        </ul>
      </div>
      <div
        ref={place}
        className="chart-canvas"
        role="img"
        aria-label={summary(item, bars)}
        data-testid="chart"
      />
      <p className="chart-credit">
        Chart drawn with{' '}
        <a href="https://www.tradingview.com/" rel="noreferrer noopener" target="_blank">
          TradingView Lightweight Charts™
        </a>
        . Copyright © 2025 TradingView, Inc.
      </p>
    </div>
  );
}

function summary(item: RecommendationDetail, bars: Bar[]): string {
  const closes = bars.slice(-126).map(({ close }) => close);
  const range = `between ${price(Math.min(...closes))} and ${price(Math.max(...closes))} in the last half year`;
  return `Prices of ${item.symbol}: last ${price(bars.at(-1)?.close ?? 0)}, ${range}. Stop at ${price(item.stopLoss)}, target at ${price(item.takeProfit)}.`;
}
