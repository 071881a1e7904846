import { defineFile } from '../descriptor.ts';
import { BARS_FILE } from '../variables.ts';

/** A CSV file of the user's own. */
export const CSV = defineFile({
  name: 'csv',
  kind: 'file',
  title: 'a CSV file of your own',
  capabilities: { intervals: ['daily'], actions: false, listing: [], symbolsPerRequest: 1 },
  variables: { BARS_FILE },
  open: async ({ BARS_FILE: path }) => {
    const { openCsvProvider } = await import('./csv-provider.ts');
    return openCsvProvider(path);
  },
});
