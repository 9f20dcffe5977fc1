import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, settled, visit } from './browser.mjs';

describe('the start page', () => {
  test('shows the network in Catalan first', async () => {
    const { page, faults, leave } = await visit('/');
    await page.locator('.event-item').first().waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ca');
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Treball en xarxa');
    assert.equal(await page.locator('.figures dd').first().textContent(), '311');
    assert.deepEqual(faults, []);
    await leave();
  });

  for (const [language, name, heading] of [
    ['ca', 'Català', 'Properes activitats'],
    ['es', 'Castellano', 'Próximas actividades'],
    ['en', 'English', 'Upcoming events'],
  ]) {
    test(`is accessible in ${name}, and remembers the choice`, async () => {
      const { page, faults, leave } = await visit('/');
      await page.getByRole('button', { name }).click();
      await page.getByRole('heading', { name: heading }).waitFor();
      await settled(page);
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      await accessible(page);
      await page.reload();
      await page.getByRole('heading', { name: heading }).waitFor();
      assert.deepEqual(faults, []);
      await leave();
    });
  }

  test('says so when the hub does not answer, and tries again', async () => {
    const { page, leave } = await visit('/favicon.svg');
    await page.route('**/graphql', (route) => route.abort());
    await page.goto(new URL('/?lang=en', page.url()).href);
    await page.getByRole('alert').waitFor();
    await accessible(page);
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.event-item').first().waitFor();
    await leave();
  });
});
