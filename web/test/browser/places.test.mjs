import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, accessibleEverywhere, focusOn, hub, settled, visit } from './browser.mjs';

describe('the map', () => {
  test('leads to a municipality with the keyboard alone, and says the same in a table', async () => {
    const { page, faults, leave } = await visit('/map?lang=en');
    await page.locator('.town').first().waitFor();
    await settled(page);
    assert.equal(await page.locator('.town').count(), 311);
    await accessibleEverywhere(page);

    await page.locator('.town[tabindex="0"]').focus();
    await focusOn(page, /^Barcelona: /);
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(() => !/^Barcelona/.test(document.activeElement.getAttribute('aria-label')));
    const name = await page.evaluate(() => document.activeElement.getAttribute('aria-label').split(':')[0]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.goBack();

    const rows = page.getByRole('table').locator('tbody tr');
    await rows.first().waitFor();
    const some = await rows.count();
    await page.getByLabel('Show all 311 municipalities').check();
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 311);
    await page.getByLabel('What').selectOption({ label: 'Projects' });
    await page.getByLabel('Show all 311 municipalities').uncheck();
    await page.waitForURL(/what=projects/);
    await page.waitForFunction((before) => document.querySelectorAll('tbody tr').length < before, some);
    assert.deepEqual(faults, []);
    await leave();
  });
});

describe('who is where', () => {
  test('a municipality leads to its council and its organisations', async () => {
    const { page, faults, leave } = await visit('/municipalities/082798?lang=en'); // with the control digit
    await page.getByRole('heading', { level: 1, name: 'Terrassa' }).waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    await page.locator('.facts').getByRole('link', { name: /Terrassa/ }).click();
    await page.waitForURL(/\/organisations\//);
    await page.getByRole('heading', { level: 1, name: /Terrassa/ }).waitFor();
    await settled(page);
    await accessible(page);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('the directory is filtered in the address, and an association says what it does', async () => {
    const { page, faults, leave } = await visit(`/directory?lang=en`);
    await page.locator('.rows a').first().waitFor();
    await settled(page);
    await page.getByLabel('Kind').selectOption({ label: 'Associations' });
    await page.waitForURL(/kind=ASSOCIATION/);
    await settled(page);
    await accessibleEverywhere(page);
    await page.locator('.rows a').first().click();
    await page.getByRole('heading', { name: 'What has happened' }).waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    assert.ok(page.url().startsWith(`${hub}/organisations/`));
    assert.deepEqual(faults, []);
    await leave();
  });
});
