import react from '@vitejs/plugin-react';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

import { operations } from './scripts/operations.mjs';

// The hub that `npm run dev` speaks to.
const hub = `http://${process.env['TEIXIT_ADDR'] ?? '127.0.0.1:8080'}`;

// What the client asks goes into dist/operations.json, for the hub.
const manifest: NonNullable<ViteUserConfig['plugins']>[number] = {
  name: 'operations',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'operations.json', source: JSON.stringify(operations()) });
  },
};

export default defineConfig({
  plugins: [react(), manifest],
  build: {
    // Two pages; GraphiQL's megabytes are loaded by its own page only.
    rolldownOptions: {
      input: { index: 'index.html', graphiql: 'graphiql.html' },
      // A hint to the React compiler, which we do not use.
      onLog(level, log, handle) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
    // The content security policy allows no inline script and no data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 5000,
    reportCompressedSize: false,
  },
  // GraphiQL brings workers that cannot be bundled beforehand: its page is not
  // looked at until somebody opens it.
  optimizeDeps: { entries: ['index.html'], exclude: ['graphiql', '@graphiql/react', '@graphiql/toolkit'] },
  server: {
    proxy: {
      '/graphql': { target: hub, ws: true },
      '/schema.graphql': hub,
      '/auth': hub,
      '/demo': hub,
      '/calendar': hub,
      '/embed/': hub,
    },
  },
  test: {
    include: ['test/unit/**/*.test.{ts,tsx}'],
    environment: 'node',
  },
});
