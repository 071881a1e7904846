import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The API that `npm start` serves, for development with `npm run dev:web`. */
const API = 'http://127.0.0.1:8787';

export default defineConfig({
  root: import.meta.dirname,
  // React Aria ships its own strings in 30 languages. The page is in English only.
  plugins: [react(), { ...optimizeLocales.vite({ locales: ['en-US'] }), enforce: 'pre' }],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The first versions with light-dark(). For older targets, the build would duplicate every colour.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Inlined files would be data: URLs, which the content security policy forbids for fonts and scripts.
    assetsInlineLimit: 0,
    manifest: true,
    // test/web/budget.test.ts limits the compressed size instead.
    chunkSizeWarningLimit: 1000,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/v1': API, '/.well-known': API } },
});
