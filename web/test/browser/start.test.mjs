import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { accessible, focusOn, launch, settled, visit } from './browser.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

describe('the start page', () => {
  test('shows the network in Catalan first', async () => {
    const { page, faults, context } = await visit(browser, '/');
    await page.getByRole('table').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'ca');
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Treball en xarxa');
    assert.equal(await page.locator('.figures dd').textContent(), '311');
    assert.ok((await page.getByRole('table').locator('tbody tr').count()) > 0, 'no events');
    assert.deepEqual(faults, []);
    await context.close();
  });

  for (const [language, name, heading] of [
    ['ca', 'Català', 'Properes activitats'],
    ['es', 'Castellano', 'Próximas actividades'],
    ['en', 'English', 'Upcoming events'],
  ]) {
    test(`is accessible in ${name}, and remembers the choice`, async () => {
      const { page, faults, context } = await visit(browser, '/');
      await page.getByRole('button', { name }).click();
      await page.getByRole('heading', { name: heading }).waitFor();
      await page.getByRole('table').waitFor();
      await settled(page);
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      await accessible(page);
      await page.reload();
      await page.getByRole('heading', { name: heading }).waitFor();
      assert.deepEqual(faults, []);
      await context.close();
    });
  }

  test('follows an event live, by keyboard alone', async () => {
    const { page, faults, context } = await visit(browser, '/?lang=en');
    // The demonstration's traffic registers for and cancels at this event.
    const follow = page.getByRole('button', { name: /^Follow live: .*Besòs/ });
    await follow.waitFor();
    await settled(page); // a table that is asked for again loses the focus
    await follow.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Connected: changes arrive by themselves.').waitFor();
    await focusOn(page, /^Live: /);

    const state = await page.getByText(/^State, number \d+$/).textContent();
    const next = Number(state.match(/\d+/)[0]) + 1;
    await page.getByRole('log').getByText(new RegExp(`^${next}: `)).waitFor({ timeout: 60_000 });
    await accessible(page);

    await page.getByRole('button', { name: 'Stop following' }).click();
    await page.getByRole('log').waitFor({ state: 'detached' });
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('says so when the hub does not answer, and tries again', async () => {
    const { page, context } = await visit(browser, '/favicon.svg');
    await page.route('**/graphql', (route) => route.abort());
    await page.goto(new URL('/?lang=en', page.url()).href);
    await page.getByRole('alert').waitFor();
    await accessible(page);
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('table').waitFor();
    await context.close();
  });
});
