// A real browser against a running hub. TEIXIT_URL says where the hub is,
// CHROMIUM which browser to drive; scripts/browser.sh starts one and sets both.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';

export const hub = required('TEIXIT_URL');

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run scripts/browser.sh`);
  return value;
}

// Chromium asks nothing of the world by itself; root cannot use its sandbox.
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

// launch starts the browser, headless and with a profile of its own.
export function launch() {
  return chromium.launch({ executablePath: required('CHROMIUM'), headless: true, args: flags });
}

// visit opens a page in a browser of its own: no cookie is shared with others.
// others are origins that the page may lead to.
export async function visit(browser, path, options = {}, others = []) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Pacific/Auckland', ...options });
  const near = [hub, ...others, hub.replace(/^http/, 'ws')];
  await context.route(
    ({ origin, protocol }) => /^(http|ws)s?:$/.test(protocol) && !near.includes(origin),
    (route) => route.abort(),
  );
  return { ...(await open(context, path, others)), context };
}

// open opens a page that remembers every fault: an error on its console (which
// is where a breach of the content security policy shows), an exception, and a
// request to anybody but the hub.
export async function open(context, path, others = []) {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && origin !== hub && !others.includes(origin)) faults.push(`request to ${request.url()}`);
  });
  await page.goto(hub + path);
  return { page, faults };
}

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// accessible fails with what axe finds against WCAG 2.2 AA.
export async function accessible(page) {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  assert.deepEqual(violations, []);
}

export const languages = [
  { code: 'ca', name: 'Català' },
  { code: 'es', name: 'Castellano' },
  { code: 'en', name: 'English' },
];

// accessibleEverywhere looks at the page as it stands in each language, in light
// and dark, and as wide as a small telephone, where nothing may be cut off.
export async function accessibleEverywhere(page) {
  for (const { code, name } of languages) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator(`html[lang=${code}]`).waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
    await accessible(page);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  await accessible(page);
  await page.emulateMedia({ colorScheme: 'light' });
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 320, `the page is ${wide} pixels wide on a screen of 320`);
  await page.setViewportSize(before);
}
