/** Numbers and dates as the reader's browser has them. */
const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(undefined, options);
const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, options);

const WHOLE = number({ maximumFractionDigits: 0 });
const PRICE = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const SHARE = number({ style: 'percent', maximumFractionDigits: 0 });
const EXACT_SHARE = number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const SIGNED = number({ signDisplay: 'exceptZero', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const POINTS = number({ signDisplay: 'exceptZero', minimumFractionDigits: 2, maximumFractionDigits: 2 });
const PERCENT = number({
  style: 'percent',
  signDisplay: 'exceptZero',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const FIGURES = number({ maximumSignificantDigits: 4 });
const DAY = date({ dateStyle: 'medium', timeZone: 'UTC' });
const MOMENT = date({ dateStyle: 'medium', timeStyle: 'short' });
const CLOCK = date({ timeStyle: 'short' });

export const whole = (value: number): string => WHOLE.format(value);
export const price = (value: number): string => PRICE.format(value);
/** 0.42 as 42 %. */
export const share = (value: number): string => SHARE.format(value);
/** 0.411 as 41.1 %. */
export const exactShare = (value: number): string => EXACT_SHARE.format(value);
/** 1.8, which is in percent already, as +1.8 %. */
export const percent = (value: number): string => PERCENT.format(value / 100);
export const signed = (value: number): string => SIGNED.format(value);
export const points = (value: number): string => POINTS.format(value);
/** Any number, to as many figures as a person reads. */
export const figures = (value: number): string => FIGURES.format(value);
/** A trading day, which is the same day everywhere. */
export const day = (iso: string): string => DAY.format(new Date(iso));
/** An instant, in the reader's own time. */
export const moment = (iso: string): string => MOMENT.format(new Date(iso));
export const clock = (at: number): string => CLOCK.format(at);

/** How old something is. */
export function age(days: number): string {
  if (days <= 0) return 'today';
  if (days === 1) return '1 day';
  return `${whole(days)} days`;
}

/** How old a model is; on sample data it may have been trained after the data ends. */
export function modelAge(days: number): string {
  return days < 0 ? 'trained after this data ends' : `${age(days)} old`;
}

/** How long something took. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${number({ maximumFractionDigits: 1 }).format(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** One thing or several: `1 call`, `2 calls`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${whole(value)} ${value === 1 ? one : many}`;
}

/** The way from one price to another, in percent. */
export function change(from: number, to: number): string {
  return percent((to / from - 1) * 100);
}
