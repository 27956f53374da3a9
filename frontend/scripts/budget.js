// Prints the gzipped script each screen loads; fails when a first screen is above the limit.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { areasOf } from '../src/lib/words/areas.ts';

const client = '.svelte-kit/output/client';
const generated = '.svelte-kit/generated/build/client-optimized';
const aim = 60;
const limit = 120;
const firstScreens = ['(public)/sign-in', '(app)/today/[[request]]'];

const manifest = JSON.parse(readFileSync(`${client}/.vite/manifest.json`, 'utf8'));

/** Route file, e.g. "(app)/today/+page.svelte" → the manifest's key of the node built from it. */
const nodes = new Map();
for (const name of readdirSync(`${generated}/nodes`)) {
  const text = readFileSync(`${generated}/nodes/${name}`, 'utf8');
  for (const [, file] of text.matchAll(/src\/routes\/([^"']+)/g)) {
    nodes.set(file, `${generated}/nodes/${name}`);
  }
}

function collect(key, found) {
  const chunk = manifest[key];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) collect(imported, found);
  return found;
}

function layoutsOf(route) {
  const parts = route.split('/');
  return ['', ...parts.map((_, at) => `${parts.slice(0, at + 1).join('/')}/`)];
}

function screen(route) {
  const found = new Set();
  for (const [key, chunk] of Object.entries(manifest)) {
    if (/entry\/(start|app|payload)/.test(chunk.file)) collect(key, found);
  }
  for (const folder of layoutsOf(route)) {
    for (const name of ['+layout.svelte', '+layout.ts'])
      collect(nodes.get(folder + name), found);
  }
  collect(nodes.get(`${route}/+page.svelte`), found);
  for (const area of ['common', ...areasOf(`/${route}`)]) {
    collect(`src/lib/words/en/${area}.json`, found);
  }
  let bytes = 0;
  for (const file of found) {
    if (file.endsWith('.js') && existsSync(`${client}/${file}`)) {
      bytes += gzipSync(readFileSync(`${client}/${file}`), { level: 9 }).length;
    }
  }
  return bytes / 1024;
}

let over = false;
for (const file of [...nodes.keys()].filter((name) => name.endsWith('+page.svelte')).sort()) {
  const route = file.replace(/\/?\+page\.svelte$/, '');
  const size = screen(route);
  const first = firstScreens.includes(route);
  if (first && size > limit) over = true;
  console.log(
    `${size.toFixed(1).padStart(7)} kB  ${route}${first ? `  (aim ${aim}, limit ${limit})` : ''}`,
  );
}
process.exitCode = over ? 1 : 0;
