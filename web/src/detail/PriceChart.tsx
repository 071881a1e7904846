import { useEffect, useRef, useState } from 'react';
import type { Bar, EarlierRecommendation, RecommendationDetail } from '../../api-types.d.ts';
import { LABELS } from '../api/profiles.ts';
import { defined } from '../defined.ts';
import { useTheme } from '../shell/theme.ts';
import { CallBadge } from '../ui/CallBadge.tsx';
import { day, price, whole } from '../ui/format.ts';
import { useMedia } from '../ui/useMedia.ts';
import { AVERAGES, drawChart } from './draw-chart.ts';
import { daysBefore } from './series.ts';

const HALF_YEAR_BARS = 126;

/** Candlesticks, volume and moving averages, with the call's stop and target and the earlier calls. */
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
  const container = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<Bar>();
  const [theme] = useTheme();
  const isForced = useMedia('(forced-colors: active)');
  const last = bars.at(-1);
  const from = last && daysBefore(last.ts.slice(0, 10), days);
  const [chart, setChart] = useState<ReturnType<typeof drawChart>>();
  useEffect(() => {
    if (!container.current) return;
    const drawn = drawChart(container.current, {
      bars,
      item,
      calls,
      theme: `${theme} ${isForced}`,
      onHover: setHovered,
    });
    setChart(drawn);
    return () => drawn.remove();
  }, [bars, item, calls, theme, isForced]);
  useEffect(() => {
    if (from) chart?.show(from);
  }, [chart, from]);
  const shownBar = hovered ?? last;
  return (
    <div className="chart">
      <div className="chart-legend">
        {shownBar && (
          <p className="chart-bar" aria-hidden="true">
            <span>{day(shownBar.ts)}</span>
            <span>O {price(shownBar.open, item.currency)}</span>
            <span>H {price(shownBar.high, item.currency)}</span>
            <span>L {price(shownBar.low, item.currency)}</span>
            <span>C {price(shownBar.close, item.currency)}</span>
            <span>V {whole(shownBar.volume)}</span>
          </p>
        )}
        <ul className="chart-keys">
          {AVERAGES.map(({ length, name }) => (
            <li key={length} className={`chart-key chart-key-${name}`}>
              {length}-day average
            </li>
          ))}
          <li className="chart-marks">
            Days when the call changed:
            {LABELS.map((label) => (
              <CallBadge key={label} label={label} />
            ))}
          </li>
        </ul>
      </div>
      <div
        ref={container}
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
  const closes = bars.slice(-HALF_YEAR_BARS).map(({ close }) => close);
  const last = defined(closes.at(-1), 'last close of the chart');
  const money = (value: number) => price(value, item.currency);
  const range = `between ${money(Math.min(...closes))} and ${money(Math.max(...closes))} over the last six months`;
  return `Price chart of ${item.symbol}. Last close ${money(last)}, ${range}. Stop ${money(item.stopLoss)}, target ${money(item.takeProfit)}.`;
}
