import { DATE_FORMATS } from '../../bars-file/days.ts';
import { defineFile } from '../descriptor.ts';
import { BARS_CURRENCY, BARS_DATE_FORMAT, BARS_FILE } from '../variables.ts';

/** A file of the user's own: CSV or Parquet, a folder or a zip. */
export const CSV = defineFile({
  name: 'csv',
  kind: 'file',
  title: 'a file of your own: CSV, Parquet, a folder or a zip',
  capabilities: { intervals: ['daily'], actions: false, listing: [], symbolsPerRequest: 1 },
  variables: { BARS_FILE, BARS_DATE_FORMAT, BARS_CURRENCY },
  open: async ({ BARS_FILE: path, BARS_DATE_FORMAT: format, BARS_CURRENCY: currency }) => {
    const { openCsvProvider } = await import('./csv-provider.ts');
    const dateFormat = DATE_FORMATS.find((known) => known === format);
    return openCsvProvider(path, { dateFormat, currency });
  },
});
