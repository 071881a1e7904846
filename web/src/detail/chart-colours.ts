/** The CSS custom properties of the chart's colours. */
const PROPERTIES = {
  surface: '--surface',
  text: '--muted',
  grid: '--line-soft',
  up: '--chart-up',
  down: '--chart-down',
  volumeUp: '--chart-volume-up',
  volumeDown: '--chart-volume-down',
  short: '--chart-short',
  middle: '--chart-middle',
  long: '--chart-long',
  stop: '--stop',
  target: '--target',
  BUY: '--buy',
  HOLD: '--hold',
  SELL: '--sell',
} as const;

export type ChartColours = Record<keyof typeof PROPERTIES, string>;

/**
 * Resolves the current theme's colours, because a canvas supports neither custom properties nor light-dark(). With forced
 * colours, every text has one colour, so the probe keeps its own.
 */
export function chartColours(element: HTMLElement): ChartColours {
  const probe = element.appendChild(document.createElement('span'));
  probe.style.setProperty('forced-color-adjust', 'none');
  const entries = Object.entries(PROPERTIES).map(([name, property]) => {
    probe.style.color = `var(${property})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as ChartColours;
}
