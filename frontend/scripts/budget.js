// Prints the gzipped script each screen loads; fails when one is above its limit.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { areasOf } from '../src/lib/words/areas.ts';

const client = '.svelte-kit/output/client';
const generated = '.svelte-kit/generated/build/client-optimized';
const aim = 60;
const firstScreens = { '(public)/sign-in': 78, '(app)/today/[[request]]': 100 };
// What a further screen may add to the frame around it.
const further = 40;

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

/** The folders whose layouts stand around a route; a page named "+page@(app)" goes back to that one. */
function foldersOf(route, from = route) {
  const parts = from.split('/');
  return ['', ...parts.map((_, at) => `${parts.slice(0, at + 1).join('/')}/`)];
}

/** kB of script: the start of the app, these layouts, the page and the words. */
function load(folders, page, areas) {
  const found = new Set();
  for (const [key, chunk] of Object.entries(manifest)) {
    if (/entry\/(start|app|payload)/.test(chunk.file)) collect(key, found);
  }
  for (const folder of folders) {
    for (const name of ['+layout.svelte', '+layout.ts'])
      collect(nodes.get(folder + name), found);
  }
  collect(nodes.get(page), found);
  for (const area of ['common', ...areas]) collect(`src/lib/words/en/${area}.json`, found);
  let bytes = 0;
  for (const file of found) {
    if (file.endsWith('.js') && existsSync(`${client}/${file}`)) {
      bytes += gzipSync(readFileSync(`${client}/${file}`), { level: 9 }).length;
    }
  }
  return bytes / 1024;
}

function measured(file) {
  const [, route, from] = /^(.*?)\/?\+page(?:@(.*))?\.svelte$/.exec(file);
  const size = load(foldersOf(route, from), file, areasOf(`/${route}`));
  const first = firstScreens[route];
  if (first) return { route, size, over: size > first, said: `aim ${aim}, limit ${first}` };
  const more = size - load(foldersOf(route.split('/')[0]), undefined, []);
  const said = `${more.toFixed(1)} over the frame, limit ${further}`;
  return { route, size, over: more > further, said };
}

const screens = [...nodes.keys()].filter((name) => /\+page(@.*)?\.svelte$/.test(name));
for (const { route, size, over, said } of screens.sort().map(measured)) {
  if (over) process.exitCode = 1;
  console.log(`${size.toFixed(1).padStart(7)} kB  ${route}  (${over ? 'over: ' : ''}${said})`);
}
