/** The words as the app loads them: what is written in ICU's syntax is parsed when the app is built. */
import compile from 'icu-minify/compile';
import type { Plugin } from 'vite';

export function compiledWords(): Plugin {
  return {
    name: 'compiled-words',
    enforce: 'pre',
    transform: {
      filter: { id: /\/words\/[a-z]{2}\/[\w-]+\.json$/ },
      handler(area) {
        const words: [string, string][] = Object.entries(JSON.parse(area));
        return JSON.stringify(
          Object.fromEntries(words.map(([key, text]) => [key, compile(text)])),
        );
      },
    },
  };
}
