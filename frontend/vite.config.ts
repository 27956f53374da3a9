import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { areaShapes } from './scripts/shapes.ts';
import { compiledWords } from './scripts/words.ts';

const portal = process.env.CONCORD_PORTAL ?? 'http://localhost:8000';
// The portal checks Origin and Host strictly, so the development proxy presents its own.
const toPortal = { target: portal, changeOrigin: true, headers: { origin: portal } };

/** What most screens load comes in two files, not in one per set of screens that share it. */
const shared = {
  groups: [
    { name: 'runtime', test: /node_modules\/(?!@sveltejs)/, minShareCount: 20, priority: 2 },
    { name: 'shared', test: /src\/lib/, minShareCount: 20, priority: 1 },
  ],
};

export default defineConfig({
  environments: {
    client: { build: { rolldownOptions: { output: { codeSplitting: shared } } } },
  },
  plugins: [
    areaShapes(),
    compiledWords(),
    sveltekit({
      preprocess: vitePreprocess(),
      adapter: adapter({ fallback: '200.html', precompress: true }),
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'script-src': ['self', 'wasm-unsafe-eval'],
          'style-src': ['self'],
          // The one inline style of SvelteKit's route announcer (sveltejs/kit#11993).
          'style-src-attr': [
            'unsafe-hashes',
            'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo=',
          ],
          'img-src': ['self', 'data:', 'blob:'],
          'connect-src': ['self'],
          'object-src': ['none'],
          'base-uri': ['self'],
          'require-trusted-types-for': ['script'],
          'trusted-types': ['svelte-trusted-html', 'sveltekit-trusted-url'],
        },
      },
    }),
  ],
  server: {
    proxy: {
      '/api': { ...toPortal, ws: true },
      '/_allauth': toPortal,
    },
  },
  preview: {
    proxy: {
      '/api': { ...toPortal, ws: true },
      '/_allauth': toPortal,
    },
  },
});
