import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compiledWords } from './scripts/words.ts';

export default defineConfig({
  plugins: [compiledWords(), svelte()],
  // Runes run in plain Node only with the client build of Svelte.
  resolve: { conditions: ['browser'] },
  test: { include: ['src/**/*.test.ts'] },
});
