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
    // Inlined files would be data: URLs, which the policy forbids for fonts and scripts.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/v1': API, '/.well-known': API } },
});
