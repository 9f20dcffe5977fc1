import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessibleEverywhere, accessible, hub, settled, visit } from './browser.mjs';

describe('what happens where', () => {
  test('is one question on the map of events, with the filters of the list', async () => {
    const { page, faults, leave } = await visit('/events?lang=en');
    await page.getByLabel('Kind').selectOption({ label: 'Training' });
    await page.waitForURL(/kind=TRAINING/);
    const asked = [];
    page.on('request', (request) => request.url().endsWith('/graphql') && asked.push(request.postData() ?? ''));
    await page.locator('.views').getByRole('link', { name: 'Map' }).click();
    await page.waitForURL(/kind=TRAINING.*view=map|view=map.*kind=TRAINING/);
    await page.getByRole('heading', { name: 'The same as a table' }).waitFor();
    await settled(page);
    assert.equal(asked.filter((body) => body.includes('Happenings')).length, 1);
    const some = await page.getByRole('row').count();
    await accessibleEverywhere(page);
    await page.getByLabel('Kind').selectOption({ label: 'All' });
    await page.waitForURL(({ searchParams }) => !searchParams.has('kind'));
    await settled(page);
    assert.ok((await page.getByRole('row').count()) > some);
    assert.deepEqual(faults, []);
    await leave();
  });
});

describe('pages that travel', () => {
  test('the next events stand in a page of somebody else, and nothing else of the hub does', async () => {
    const { page, faults, leave } = await visit('/embeds?lang=en');
    await page.getByLabel('How many').fill('2');
    await settled(page);
    await accessibleEverywhere(page);
    const lines = await page.getByLabel('What to copy into your page').inputValue();
    const source = new URL(lines.match(/src="([^"]+)"/)[1].replaceAll('&amp;', '&'));
    assert.equal(source.searchParams.get('limit'), '2');
    const frame = page.frameLocator('iframe');
    await frame.getByRole('heading', { name: 'Events of Teixit' }).waitFor();
    await frame.getByRole('listitem').nth(1).waitFor();
    assert.equal(await frame.getByRole('listitem').count(), 2);
    assert.deepEqual(faults, []);
    await leave();

    const list = await fetch(hub + source.pathname + source.search);
    assert.match(list.headers.get('content-security-policy'), /frame-ancestors \*/);
    assert.deepEqual([list.headers.get('x-frame-options'), list.headers.get('set-cookie')], [null, null]);
    const start = await fetch(`${hub}/`);
    assert.match(start.headers.get('content-security-policy'), /frame-ancestors 'none'/);
    assert.equal(start.headers.get('x-frame-options'), 'DENY');
  });

  test('and as itself it is accessible in every language', async () => {
    const { page, context, faults, leave } = await visit('/?lang=en');
    // Nothing runs in its sandbox, axe neither, so it is looked at outside of it.
    await context.route('**/embed/events?*', async (route) => {
      const response = await route.fetch();
      const policy = response.headers()['content-security-policy'].replace(/;\s*sandbox[^;]*/, '');
      await route.fulfill({ response, headers: { ...response.headers(), 'content-security-policy': policy } });
    });
    for (const lang of ['ca', 'es', 'en']) {
      await page.goto(`${hub}/embed/events?lang=${lang}`);
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await accessible(page);
      }
    }
    assert.deepEqual(faults, []);
    await leave();
  });

  test('an error is reported to who answers for the page', async () => {
    const { page, faults, leave } = await visit('/events?lang=en');
    await page.locator('.event-item a').first().click();
    await page.waitForURL(/\/events\/ev_/);
    await settled(page);
    const { pathname } = new URL(page.url());
    await page.getByRole('contentinfo').getByRole('link', { name: 'Report an error' }).click();
    await page.getByRole('heading', { level: 1, name: 'Report an error' }).waitFor();
    await page.getByRole('link', { name: pathname }).waitFor();
    await page.getByText('Who answers for it:').or(page.getByText('write to who administers')).first().waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    assert.deepEqual(faults, []);
    await leave();
  });
});
