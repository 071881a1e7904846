// Numbers and dates follow the locale of the reader's browser; the page's words are English.
const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(undefined, options);
const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, options);

const WHOLE = number({ maximumFractionDigits: 0 });
const PRICES = new Map<string, Intl.NumberFormat>();
const SHARE = number({ style: 'percent', maximumFractionDigits: 0 });
const EXACT_SHARE = number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const POINTS = number({ signDisplay: 'exceptZero', minimumFractionDigits: 2, maximumFractionDigits: 2 });
const DISTANCE = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const PERCENT = number({
  style: 'percent',
  signDisplay: 'exceptZero',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
/** Two decimals, for costs of a few hundredths of a percent. */
const COST = number({ style: 'percent', maximumFractionDigits: 2 });
const FIGURES = number({ maximumSignificantDigits: 4 });
const DAY = date({ dateStyle: 'medium', timeZone: 'UTC' });
const MOMENT = date({ dateStyle: 'medium', timeStyle: 'short' });
const DAY_AND_TIME = date({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const CLOCK = date({ timeStyle: 'short' });

export const whole = (value: number): string => WHOLE.format(value);
/** Formats 0.42 as 42%. */
export const share = (value: number): string => SHARE.format(value);
/** Formats 0.411 as 41.1%. */
export const exactShare = (value: number): string => EXACT_SHARE.format(value);
/** Formats 1.8, a value in percent, as +1.8%. */
export const percent = (value: number): string => PERCENT.format(value / 100);
export const points = (value: number): string => POINTS.format(value);
/** Formats the size of a difference of -0.23 percentage points as 0.23. */
export const distance = (value: number): string => DISTANCE.format(Math.abs(value));
/** Formats 0.23, a difference in percentage points, as +0.23 points. */
export const pointsOf = (value: number): string => `${points(value)} points`;
/** Formats 0.0015 as 0.15%. */
export const cost = (value: number): string => COST.format(value);
/** Formats a number with four significant digits. */
export const figures = (value: number): string => FIGURES.format(value);
/** Formats a trading day, which is the same in every time zone. */
export const day = (iso: string): string => DAY.format(new Date(iso));
/** Formats an instant in the reader's time zone. */
export const moment = (iso: string): string => MOMENT.format(new Date(iso));
/** Formats an instant of the last weeks in the reader's time zone, such as `29 Nov, 14:05`. */
export const dayAndTime = (iso: string): string => DAY_AND_TIME.format(new Date(iso));
export const clock = (at: number): string => CLOCK.format(at);

/**
 * Formats a price with its currency, in the decimals that are usual for it. A price below 1 has up to four.
 *
 * @param currency - an ISO 4217 code; null if it is unknown
 */
export function price(value: number, currency: string | null): string {
  const isSmall = Math.abs(value) < 1;
  const key = `${currency}${isSmall}`;
  let format = PRICES.get(key);
  if (!format) {
    format = number({
      ...(currency
        ? { style: 'currency', currency }
        : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
      ...(isSmall && { minimumFractionDigits: 2, maximumFractionDigits: 4 }),
    });
    PRICES.set(key, format);
  }
  return format.format(value);
}

/** An age in words: `today`, `1 day` or `5 days`. */
export function age(days: number): string {
  if (days <= 0) return 'today';
  if (days === 1) return '1 day';
  return `${whole(days)} days`;
}

/** How long ago something was: `today`, `1 day ago` or `5 days ago`. */
export function ago(days: number): string {
  return days <= 0 ? age(days) : `${age(days)} ago`;
}

/** The age of a model's data in words. They may be newer than the sample data, which makes the age negative. */
export function modelAge(days: number): string {
  return days < 0 ? 'learned from later data' : `data ${age(days)} old`;
}

/** Formats a duration. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${number({ maximumFractionDigits: 1 }).format(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A number with its noun: `1 call`, `2 calls`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${whole(value)} ${value === 1 ? one : many}`;
}

/** The change from one price to another, in percent. */
export function change(from: number, to: number): string {
  return percent((to / from - 1) * 100);
}

/** The exchange for display; empty if the vendor did not name it. */
export function exchangeName(exchange: string): string {
  return exchange === 'UNKNOWN' ? '' : exchange;
}
