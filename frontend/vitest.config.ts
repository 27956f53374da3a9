import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  // Runes run in plain Node only with the client build of Svelte.
  resolve: { conditions: ['browser'] },
  test: { include: ['src/**/*.test.ts'] },
});
