import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const mock = (name: string) => fileURLToPath(new URL(`./src/mock/${name}.ts`, import.meta.url));

// `vite --mode mock` and the tests answer the commands themselves; the production build holds nothing of src/mock.
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  base: './',
  clearScreen: false,
  resolve: {
    ...(mode === 'test' && { conditions: ['browser'] }),
    alias:
      mode === 'mock' || mode === 'test'
        ? { '@tauri-apps/api/core': mock('core'), '@tauri-apps/api/event': mock('event') }
        : {},
  },
  server: { port: 5173, strictPort: true },
  build: {
    outDir: mode === 'mock' ? 'dist-mock' : 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'safari17.5'],
    // The Content-Security-Policy allows no inline script; fonts and pictures stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
}));
