import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, hub, visit } from './browser.mjs';

const provider = process.env.TEIXIT_PROVIDER;

describe('signing in with the provider of a town council', () => {
  test('once, and again as the same person', async () => {
    const first = await signInAs('montserrat');
    const person = await first.page.evaluate(who);
    await first.page.goto(`${hub}/me/access?lang=en`);
    await first.page.getByText(provider).waitFor();
    await accessible(first.page);
    await first.leave();

    const again = await signInAs('montserrat');
    assert.equal(await again.page.evaluate(who), person);
    await again.leave();

    const another = await signInAs('jordi');
    assert.notEqual(await another.page.evaluate(who), person);
    await another.leave();
  });

  test('who changes their mind at the provider is told so', async () => {
    const { page, leave } = await visit('/sign-in?lang=en', { others: [provider] });
    await page.getByRole('link', { name: /^Come in with / }).click();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('alert').filter({ hasText: 'Signing in with the provider did not work.' }).waitFor();
    await accessible(page);
    await leave();
  });
});

// who asks the hub, in the page, for whom it takes the reader.
async function who() {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { person { id } } }' }),
  });
  return (await response.json()).data.viewer.person.id;
}

// signInAs goes to the provider and back. Its own pages are none of ours.
async function signInAs(name) {
  const visited = await visit('/sign-in?lang=en', { others: [provider] });
  const { page } = visited;
  await page.getByRole('link', { name: /^Come in with / }).click();
  await page.waitForURL((url) => url.origin === provider);
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('any');
  await page.getByRole('button').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { level: 1, name: 'My organisations' }).waitFor();
  assert.equal(new URL(page.url()).origin, hub);
  return visited;
}
