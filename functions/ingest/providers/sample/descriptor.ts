import { defineFile } from '../descriptor.ts';
import { BARS_FILE } from '../variables.ts';

/** The sample that comes with the project. */
export const SAMPLE = defineFile({
  name: 'sample',
  kind: 'file',
  title: 'the bundled sample: five real stocks, 2000 to March 2013',
  capabilities: {
    intervals: ['daily'],
    actions: false,
    listing: ['name', 'exchange', 'sector'],
    symbolsPerRequest: 1,
  },
  variables: { BARS_FILE },
  open: async ({ BARS_FILE: path }) => {
    const { openSampleProvider } = await import('./sample-provider.ts');
    return openSampleProvider(path);
  },
});
