import { z } from 'zod';
import { checkOptions, readCommandLine } from '../../local/terminal/command-line.ts';

export const HELP = `Usage: npm run market -- [options]

Serves the bars of a file on 127.0.0.1 in Yahoo Finance's and Stooq's formats until Ctrl-C, and prints how to point
the project at it. Nothing leaves this machine.

  --port N            port (default 8790; 0 takes a free one)
  --bars FILE         CSV, plain or gzip, unadjusted: symbol,date,open,high,low,close,volume[,adj close]
                      (default local/sample/stocks.csv.gz)
  --clock INSTANT     the market's time, such as 2013-03-01T18:00:00Z, or "now"
                      (default: the end of the last day in the file)
  --faults RATE       share of requests with a fault, 0 to 1 (default 0)
  --kinds A,B         only these kinds of fault (default: all that affect one answer only)
  --seed N            seed of the random faults (default 1)
  --delay MS          wait before every answer (default 0)
  --fast              end faults that delay an answer within half a second
  --stooq-key KEY     the key that Stooq requires (default: any)
  --list-faults       print the kinds of fault, and exit
  --help              print this text
`;

const number = (wrong: string) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, wrong)
    .transform(Number);

const Options = z.object({
  help: z.boolean().default(false),
  'list-faults': z.boolean().default(false),
  fast: z.boolean().default(false),
  port: number('is not a port number').pipe(z.int().max(65_535, 'is above 65535')).default(8790),
  bars: z.string().min(1).default('local/sample/stocks.csv.gz'),
  clock: z
    .string()
    .refine((text) => text === 'now' || !Number.isNaN(Date.parse(text)), 'is not an instant')
    .optional(),
  faults: number('is not a share from 0 to 1').pipe(z.number().max(1, 'is above 1')).default(0),
  kinds: z
    .string()
    .transform((list) => list.split(',').map((kind) => kind.trim()))
    .optional(),
  seed: number('is not a whole number').pipe(z.int('is not a whole number')).default(1),
  delay: number('is not a number of milliseconds').default(0),
  'stooq-key': z.string().min(1, 'is empty').optional(),
});
export type ServeOptions = z.output<typeof Options>;

/**
 * Reads the command line.
 *
 * @throws BadInputError naming the option that is unknown or malformed
 */
export function parseServeOptions(args: string[]): ServeOptions {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({
    args,
    options: {
      help: { ...flag, short: 'h' },
      'list-faults': flag,
      fast: flag,
      port: text,
      bars: text,
      clock: text,
      faults: text,
      kinds: text,
      seed: text,
      delay: text,
      'stooq-key': text,
    },
  });
  return checkOptions(Options, values);
}
