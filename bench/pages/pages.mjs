#!/usr/bin/env node
// How soon the pages of the web client show something and answer to a press, as
// chromium itself measures it, and how many bytes of script they bring.
//
//   node bench/pages/pages.mjs http://127.0.0.1:8080          a hub with the demonstration
//     --slow 4      a processor so many times slower (a telephone: 4)
//     --times 5     how often each page is opened, in a browser without memory; the median counts
//     --most 2500   ends with 1 when a first contentful paint takes longer, in milliseconds
//
// CHROMIUM says where the browser is. Each page is opened in a fresh profile. FCP and
// LCP are the browser's own entries; "press" is the longest of three presses of the Tab
// key and one click on the heading, from the event to the next frame (the entries by
// which INP is made); "script" is what came over the wire, compressed as it came.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core');

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { slow: { type: 'string', default: '1' }, times: { type: 'string', default: '5' }, most: { type: 'string', default: '2500' } },
});
const hub = positionals[0] ?? 'http://127.0.0.1:8080';
const [slow, times, most] = [Number(values.slow), Number(values.times), Number(values.most)];

async function ask(query) {
  const response = await fetch(`${hub}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) });
  const { data, errors } = await response.json();
  if (!data) throw new Error(JSON.stringify(errors));
  return data;
}

async function pages() {
  const { events, workingTables, municipality } = await ask(
    '{ events(first: 1, filter: { upcoming: true }) { nodes { id } } workingTables(first: 1) { nodes { id } } municipality(by: { ineCode: "08279" }) { id } }',
  );
  return {
    start: '/',
    events: '/events',
    event: `/events/${events.nodes[0].id}`,
    map: '/map',
    network: `/network/${municipality.id}`,
    table: `/tables/${workingTables.nodes[0].id}`,
  };
}

// watch is run in the page before anything else of it.
function watch() {
  globalThis.seen = { lcp: 0, press: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach(({ startTime }) => (globalThis.seen.lcp = startTime))).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (globalThis.seen.press = Math.max(globalThis.seen.press, duration)))).observe({
    type: 'event',
    durationThreshold: 16,
    buffered: true,
  });
}

async function look(browser, path) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'ca-ES' });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  if (slow > 1) await cdp.send('Emulation.setCPUThrottlingRate', { rate: slow });
  await cdp.send('Network.enable');
  const scripts = new Set();
  let bytes = 0;
  cdp.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => scripts.has(requestId) && (bytes += encodedDataLength));
  await page.addInitScript(watch);
  await page.goto(hub + path);
  await page.waitForFunction(() => document.querySelector('h1') !== null && document.querySelector('.loading') === null);
  await page.waitForLoadState('load');
  const { fcp, lcp } = await page.evaluate(
    () =>
      new Promise((done) =>
        requestAnimationFrame(() => setTimeout(() => done({ fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN, lcp: globalThis.seen.lcp }))),
      ),
  );
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Tab');
  await page.locator('h1').click();
  const press = await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(globalThis.seen.press), 50))));
  await context.close();
  return { fcp, lcp, press, bytes };
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--disable-gpu', '--no-first-run', '--disable-background-networking', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
});
let worst = 0;
console.log(`${hub}, processor ${slow} times slower, median of ${times}, screen 390 x 844`);
console.log('page       FCP ms  LCP ms  press ms  script B');
for (const [name, path] of Object.entries(await pages())) {
  const seen = [];
  for (let time = 0; time < times; time++) seen.push(await look(browser, path));
  const of = (what) => Math.round(median(seen.map((one) => one[what])));
  worst = Math.max(worst, of('fcp'));
  console.log([name.padEnd(9), ...[of('fcp'), of('lcp'), of('press'), of('bytes')].map((number, at) => String(number).padStart([8, 7, 9, 9][at]))].join(' '));
}
await browser.close();
if (worst > most) {
  console.error(`a first contentful paint takes ${worst} ms, more than ${most}`);
  process.exit(1);
}
