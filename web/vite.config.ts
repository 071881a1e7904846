import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm start` serves the API while the page is worked on with `npm run dev:web`. */
const API = 'http://127.0.0.1:8787';

export default defineConfig({
  root: import.meta.dirname,
  // React Aria brings its own words in thirty languages; the page speaks one, and numbers and dates are the browser's.
  plugins: [react(), { ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' }],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Those that know light-dark(), on which the theme rests; lowering it would write every colour twice again.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Inlined files would be data: URLs, which the policy forbids for fonts and scripts.
    assetsInlineLimit: 0,
    manifest: true,
    // How much may be loaded is held by a test, packed as it is sent.
    chunkSizeWarningLimit: 1000,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/v1': API, '/.well-known': API } },
});
