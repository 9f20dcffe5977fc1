// A real browser against a running hub. TEIXIT_URL says where the hub is,
// CHROMIUM which browser to drive; scripts/browser.sh starts one and sets both.
// TEIXIT_SLOW=6 makes the pages' processor six times slower: what a test takes for
// granted too early shows then.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after } from 'node:test';

import { chromium } from 'playwright-core';

export const hub = required('TEIXIT_URL');

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run scripts/browser.sh`);
  return value;
}

// Chromium asks nothing of the world by itself, and finds nobody there: names have
// no address. Holding each request up to see where it goes would do the same, for a
// fifth of what the tests compute. Root cannot use its sandbox.
const flags = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

// launch starts a browser, headless and with a profile of its own.
export function launch(more = []) {
  return chromium.launch({ executablePath: required('CHROMIUM'), headless: true, args: [...flags, ...more] });
}

// The browser of all tests, once one of them needs it. When it dies, the next test
// has another one.
let running;

function browser() {
  running ??= launch().then((started) =>
    started.once('disconnected', () => {
      running = undefined;
      free.length = 0;
    }),
  );
  return running;
}

after(async () => (await running)?.close());

// Pages that were left. To start the process of one costs three times what loading
// it does, so the next visit goes to one that was left, where nothing is left.
const free = [];

const wide = { width: 1280, height: 720 };

// visit opens a page on which nobody has been: no cookie is shared with others who
// visit, and nothing that a browser keeps. home is another hub than the one of most
// tests, within another browser; others are origins that the page may lead to, cookies
// who visits. alone is a browser's context of its own to the last: cold, and closed in
// the end. It is that too when options make it another one than most.
export async function visit(path, { home = hub, within, others = [], cookies = [], viewport = wide, alone = false, ...options } = {}) {
  const own = alone || home !== hub || within !== undefined || Object.keys(options).length > 0;
  const page = (own ? undefined : free.pop()) ?? (await blank(within ?? (await browser()), options));
  const context = page.context();
  const faults = expect(page, [home, ...others]);
  await context.addCookies(cookies);
  const { width, height } = page.viewportSize();
  if (width !== viewport.width || height !== viewport.height) await page.setViewportSize(viewport);
  await page.goto(home + path);
  return { page, context, faults, leave: () => (own ? context.close() : leave(page)) };
}

// open opens one more page beside one that visits.
export async function open(context, path) {
  const page = await watched(context);
  const faults = expect(page, [hub]);
  await page.goto(hub + path);
  return { page, faults };
}

async function blank(within, options) {
  return watched(await within.newContext({ locale: 'en-GB', timezoneId: 'Pacific/Auckland', viewport: wide, ...options }));
}

// leave takes away what a visit may have left: in the page and its history, and in
// what is kept for the hub. A page is not left when its test fails, so nobody comes
// after that.
async function leave(page) {
  const context = page.context();
  const { cdp } = told.get(page);
  for (const other of context.pages()) if (other !== page) await other.close();
  await context.setOffline(false);
  await context.unrouteAll();
  await page.unrouteAll();
  await page.emulateMedia({ media: null, colorScheme: 'light' });
  await page.goto(`${hub}/favicon.svg`);
  await page.evaluate(() => sessionStorage.clear()); // which is the page's, not the hub's
  await cdp.send('Storage.clearDataForOrigin', { origin: hub, storageTypes: 'all' });
  await context.clearCookies();
  await cdp.send('Page.resetNavigationHistory');
  await page.mouse.move(-1, -1);
  free.push(page);
}

// What is told of each page: what it has asked for and not got yet, what it may not
// do and did, and how it is talked to.
const told = new WeakMap();

// expect says where a page may lead to from now on, and gives the list of its faults.
function expect(page, origins) {
  return Object.assign(told.get(page), { origins, faults: [], asked: new Set() }).faults;
}

// watched is a page that remembers every fault: an error on its console (which is
// where a breach of the content security policy shows), an exception, and a request
// to anybody but the hub.
async function watched(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const cdp = await context.newCDPSession(page);
  if (process.env.TEIXIT_SLOW) await cdp.send('Emulation.setCPUThrottlingRate', { rate: Number(process.env.TEIXIT_SLOW) });
  const of = { cdp };
  told.set(page, of);
  page.on('console', (message) => message.type() === 'error' && of.faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => of.faults.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && !of.origins.includes(origin)) of.faults.push(`request to ${request.url()}`);
    of.asked.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => of.asked.delete(request));
  return page;
}

// settled waits until a page shows what it is going to show: nothing that was
// asked for is on its way, and nothing stands in for what is being loaded, in two
// frames on end.
export async function settled(page) {
  const { asked } = told.get(page);
  const end = Date.now() + 30_000;
  for (let calm = 0; calm < 2; ) {
    const loading = await page.evaluate(
      () =>
        new Promise((done) => {
          const look = () => done(document.querySelector('h1') === null || document.querySelector('.loading') !== null || document.fonts.status === 'loading');
          requestAnimationFrame(() => requestAnimationFrame(look));
        }),
    );
    calm = loading || asked.size > 0 ? 0 : calm + 1;
    if (Date.now() > end) throw new Error(`still waiting for ${[...asked].map((one) => one.url()).join(', ') || 'the page'}`);
  }
}
// focusOn waits until what has the focus has the name.
export async function focusOn(page, name) {
  const fits = (text) => (typeof name === 'string' ? text === name : name.test(text));
  for (const end = Date.now() + 10_000; ; await frame(page)) {
    const at = await focused(page);
    if (fits(at)) return;
    assert.ok(Date.now() < end, `the focus is on ${at}, not on ${name}`);
  }
}

// frame waits until the page has drawn something new, or might have.
function frame(page) {
  return page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn()))));
}

// focused is the name of what has the focus.
export function focused(page) {
  return page.evaluate(() => {
    const { activeElement: at } = document;
    return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent;
  });
}

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const wcag = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };

// Those of its rules that look at colours.
const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

// accessible fails with what axe finds against WCAG 2.2 AA, or by some of its rules.
// It comes in one piece that the page's process knows again, and compiles once.
export async function accessible(page, rules = wcag) {
  const { cdp } = told.get(page);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await cdp.send('Runtime.evaluate', { expression: axe });
  const violations = await page.evaluate(async (runOnly) => {
    const { violations } = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }, rules);
  assert.deepEqual(violations, []);
}

// speak switches the page to a language. Its button is pressed where it is, behind a
// menu or beside what comes late and moves it.
export async function speak(page, code) {
  await page.locator(`.languages button[lang=${code}]`).evaluate((button) => button.click());
  await page.locator(`html[lang=${code}]`).waitFor({ state: 'attached' });
  await settled(page);
}

// fits waits until the page is no wider than its screen: fonts and words that come
// late may move it for a moment. It says what is too wide.
async function fits(page, when) {
  for (const end = Date.now() + 5_000; ; await frame(page)) {
    const { wide, screen, beyond } = await page.evaluate(() => {
      const beyond = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5);
      return { wide: document.documentElement.scrollWidth, screen: innerWidth, beyond: beyond.map((one) => one.outerHTML.slice(0, 200)) };
    });
    if (wide <= screen) return;
    assert.ok(Date.now() < end, `${when} the page is ${wide} pixels wide on a screen of ${screen}: ${beyond.slice(-3).join(' | ')}`);
  }
}

// accessibleEverywhere looks at the page in each language as wide as a small
// telephone, where nothing may be cut off, and at what axe finds in the first one,
// and at its colours in the dark too: other words change no structure and no colour,
// the dark no structure, and that none is missing in any language is what
// test/unit/texts.test.ts is for. It ends in English.
export async function accessibleEverywhere(page) {
  const before = page.viewportSize();
  await speak(page, 'ca');
  await accessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await accessible(page, colours);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 320, height: 640 });
  for (const code of ['ca', 'es', 'en']) {
    if (code !== 'ca') await speak(page, code);
    await fits(page, `in ${code}`);
  }
  await page.setViewportSize(before);
}

// onAnyScreen is the same for a page that a test opened on a telephone or a tablet:
// on a wide screen, where the buttons for the languages stand open.
export async function onAnyScreen(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 1280, height: 900 });
  await accessibleEverywhere(page);
  await page.setViewportSize(before);
}

// toldBy remembers what the page says from now on of how the connection stands.
export async function toldBy(page) {
  await page.evaluate(() => {
    const sign = document.querySelector('.connection');
    globalThis.told = [];
    new MutationObserver(() => globalThis.told.push(sign.textContent)).observe(sign, { subtree: true, childList: true, characterData: true });
  });
  return () => page.evaluate(() => globalThis.told);
}
