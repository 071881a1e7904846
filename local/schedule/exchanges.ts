import type { Market } from './market.ts';

const MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5];
const SUNDAY_TO_THURSDAY = [0, 1, 2, 3, 4];

/** The exchanges in the United States, and the rule for symbols of unknown exchanges. */
export const NEW_YORK: Market = {
  name: 'New York',
  timeZone: 'America/New_York',
  open: '09:30',
  close: '16:00',
  days: MONDAY_TO_FRIDAY,
};

/** Instruments that trade at weekends: their days are whole days in UTC. */
export const EVERY_DAY: Market = {
  name: 'the market that trades every day',
  timeZone: 'Etc/UTC',
  open: '00:00',
  close: '23:59',
  days: [0, 1, 2, 3, 4, 5, 6],
};

/**
 * Exchanges by the suffixes of their symbols: name, time zone, beginning and end of the session. The suffixes are
 * Yahoo's (help.yahoo.com/kb/SLN2310.html), and the times those of the Python package exchange_calendars 4.13.2. Holidays
 * and short days are not in it: a run on such a day publishes nothing, or comes later than it could.
 */
const EXCHANGES: readonly [suffixes: string, name: string, timeZone: string, open: string, close: string][] =
  [
    ['TO V CN NE', 'Toronto', 'America/Toronto', '09:30', '16:00'],
    ['MX', 'Mexico City', 'America/Mexico_City', '08:30', '15:00'],
    ['SA', 'São Paulo', 'America/Sao_Paulo', '10:00', '18:00'],
    ['BA', 'Buenos Aires', 'America/Argentina/Buenos_Aires', '11:00', '17:00'],
    ['SN', 'Santiago', 'America/Santiago', '09:30', '17:00'],
    ['L IL', 'London', 'Europe/London', '08:00', '16:30'],
    ['IR', 'Dublin', 'Europe/Dublin', '08:00', '16:28'],
    ['PA', 'Paris', 'Europe/Paris', '09:00', '17:30'],
    ['AS', 'Amsterdam', 'Europe/Amsterdam', '09:00', '17:30'],
    ['BR', 'Brussels', 'Europe/Brussels', '09:00', '17:30'],
    ['LS', 'Lisbon', 'Europe/Lisbon', '08:00', '16:30'],
    ['MI', 'Milan', 'Europe/Rome', '09:00', '17:30'],
    ['MC', 'Madrid', 'Europe/Madrid', '09:00', '17:30'],
    ['DE F', 'Frankfurt', 'Europe/Berlin', '09:00', '17:30'],
    ['SG', 'Stuttgart', 'Europe/Berlin', '07:30', '22:00'],
    ['DU HM HA MU BE', 'the German regional exchanges', 'Europe/Berlin', '08:00', '22:00'],
    ['VI', 'Vienna', 'Europe/Vienna', '09:00', '17:30'],
    ['SW', 'Zurich', 'Europe/Zurich', '09:00', '17:30'],
    ['ST', 'Stockholm', 'Europe/Stockholm', '09:00', '17:30'],
    ['CO', 'Copenhagen', 'Europe/Copenhagen', '09:00', '17:00'],
    ['HE', 'Helsinki', 'Europe/Helsinki', '10:00', '18:30'],
    ['OL', 'Oslo', 'Europe/Oslo', '09:00', '16:20'],
    ['IC', 'Reykjavik', 'Atlantic/Reykjavik', '09:30', '15:30'],
    ['TL', 'Tallinn', 'Europe/Tallinn', '10:00', '16:00'],
    ['RG', 'Riga', 'Europe/Riga', '10:00', '16:00'],
    ['VS', 'Vilnius', 'Europe/Vilnius', '10:00', '16:00'],
    ['WA', 'Warsaw', 'Europe/Warsaw', '09:00', '17:00'],
    ['PR', 'Prague', 'Europe/Prague', '09:00', '16:20'],
    ['BD', 'Budapest', 'Europe/Budapest', '09:00', '17:00'],
    ['RO', 'Bucharest', 'Europe/Bucharest', '10:00', '17:45'],
    ['AT', 'Athens', 'Europe/Athens', '10:00', '17:20'],
    ['IS', 'Istanbul', 'Europe/Istanbul', '10:00', '18:00'],
    ['ME', 'Moscow', 'Europe/Moscow', '10:00', '18:45'],
    ['TA', 'Tel Aviv', 'Asia/Tel_Aviv', '09:59', '17:15'],
    ['JO', 'Johannesburg', 'Africa/Johannesburg', '09:00', '17:00'],
    ['NS BO', 'Mumbai', 'Asia/Kolkata', '09:15', '15:30'],
    ['BK', 'Bangkok', 'Asia/Bangkok', '10:00', '16:30'],
    ['JK', 'Jakarta', 'Asia/Jakarta', '09:00', '15:50'],
    ['KL', 'Kuala Lumpur', 'Asia/Kuala_Lumpur', '09:00', '17:00'],
    ['SI', 'Singapore', 'Asia/Singapore', '09:00', '17:00'],
    ['PS', 'Manila', 'Asia/Manila', '09:30', '15:30'],
    ['HK', 'Hong Kong', 'Asia/Hong_Kong', '09:30', '16:00'],
    ['SS SZ', 'Shanghai', 'Asia/Shanghai', '09:30', '15:00'],
    ['TW TWO', 'Taipei', 'Asia/Taipei', '09:00', '13:30'],
    ['KS KQ', 'Seoul', 'Asia/Seoul', '09:00', '15:30'],
    ['T', 'Tokyo', 'Asia/Tokyo', '09:00', '15:30'],
    ['AX', 'Sydney', 'Australia/Sydney', '10:00', '16:00'],
    ['NZ', 'Auckland', 'Pacific/Auckland', '10:00', '16:45'],
  ];

const BY_SUFFIX = new Map<string, Market>([
  ...EXCHANGES.flatMap(([suffixes, name, timeZone, open, close]) => {
    const market = { name, timeZone, open, close, days: MONDAY_TO_FRIDAY };
    return suffixes.split(' ').map((suffix) => [suffix, market] as const);
  }),
  [
    'SR',
    { name: 'Riyadh', timeZone: 'Asia/Riyadh', open: '10:00', close: '15:00', days: SUNDAY_TO_THURSDAY },
  ],
]);

/**
 * The market of a symbol, by its suffix. Symbols follow Yahoo's convention: an American one has none.
 *
 * @returns undefined for an unknown suffix
 * @example
 * marketOf('MC.PA')?.name; // 'Paris'
 */
export function marketOf(symbol: string): Market | undefined {
  const dot = symbol.lastIndexOf('.');
  return dot < 0 ? NEW_YORK : BY_SUFFIX.get(symbol.slice(dot + 1));
}
