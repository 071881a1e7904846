/** The theme's colours, by the names of their custom properties. */
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

/** Reads the theme's colours: a canvas knows nothing of custom properties. */
export function chartColours(element: HTMLElement): ChartColours {
  const style = getComputedStyle(element);
  const entries = Object.entries(PROPERTIES).map(([name, property]) => [
    name,
    style.getPropertyValue(property).trim(),
  ]);
  return Object.fromEntries(entries) as ChartColours;
}
