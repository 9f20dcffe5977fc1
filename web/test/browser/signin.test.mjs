import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, accessibleEverywhere, focused, focusOn, hub, open, settled, visit } from './browser.mjs';
import { codeIn, fromMenu, letter, letters, linkIn, mailOf, signIn } from './people.mjs';

const representative = /representative of/;

describe('signing in', () => {
  test('by a mailed code, with the keyboard alone', async () => {
    const mail = await mailOf(representative);
    const before = await letters(mail);
    const { page, faults, leave } = await visit('/?lang=en');
    const { keyboard } = page;
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await settled(page);

    await tabTo(page, 'Skip to content');
    await tabTo(page, 'Sign in');
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await focusOn(page, 'Sign in'); // the heading of the page
    await settled(page);

    await tabTo(page, 'Mail address');
    await keyboard.type(mail);
    await keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: mail }).waitFor();
    await settled(page);
    await accessible(page);

    await tabTo(page, 'Code');
    await keyboard.type(codeIn(await letter(mail, 'sign_in_code', before)));
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'My organisations' }).waitFor();
    await page.getByRole('table').waitFor();
    await settled(page);

    await tabTo(page, /^Act for it: /);
    await keyboard.press('Space');
    await page.getByRole('banner').getByText(/^You act for /).waitFor();
    await settled(page);
    assert.match(await focused(page), /^Act for it: /, 'the focus stays on the button');

    await page.reload();
    await page.getByRole('banner').getByText(/^You act for /).waitFor();
    await settled(page);
    await tabTo(page, /^My account/);
    await keyboard.press('Enter');
    await tabTo(page, 'Sign out');
    await keyboard.press('Enter');
    await page.getByText('You have signed out.').waitFor();
    assert.deepEqual(faults, []);
    await leave();
  });

  test('by the link in the mail, once', async () => {
    const mail = 'link@persona.example';
    const before = await letters(mail);
    const { page, context, faults, leave } = await visit('/sign-in?lang=en');
    await page.getByLabel('Mail address').fill(mail);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    const link = linkIn(await letter(mail, 'sign_in_code', before));
    assert.equal(link.origin, hub);
    assert.match(link.hash, /^#token=./, 'the token is not sent to the server');

    const second = await open(context, `${link.pathname}?lang=en${link.hash}`);
    await second.page.getByText('You have followed the link of a message.').waitFor();
    assert.equal(new URL(second.page.url()).hash, '', 'the token does not stay in the address');
    await accessibleEverywhere(second.page);
    await second.page.getByRole('button', { name: 'Come in' }).click();
    await second.page.getByRole('heading', { level: 1, name: 'My organisations' }).waitFor();

    const other = await visit(`${link.pathname}?lang=en${link.hash}`);
    await other.page.getByRole('button', { name: 'Come in' }).click();
    await other.page.getByRole('alert').filter({ hasText: 'Ask for a new one' }).waitFor();
    await accessible(other.page);
    assert.deepEqual(faults, []);
    await other.leave();
    await leave();
  });

  test('says the same for an address that nobody has', async () => {
    const { page, leave } = await visit('/sign-in?lang=en');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByRole('alert').waitFor();
    await accessible(page);
    await page.getByLabel('Mail address').fill('nobody@nowhere.example');
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByText('If nobody@nowhere.example has access').waitFor();
    await page.getByLabel('Code', { exact: true }).fill('0000 0000');
    await page.getByRole('button', { name: 'Come in' }).click();
    await page.getByRole('alert').filter({ hasText: 'Ask for a new one' }).waitFor();
    await leave();
  });

  test('a session that is ended elsewhere is over here within moments', async () => {
    const mail = 'two.browsers@persona.example';
    const here = await visit('/', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' });
    await signIn(here.page, mail);
    const there = await visit('/');
    await signIn(there.page, mail);

    await fromMenu(there.page, 'Sessions and keys');
    await there.page.getByRole('button', { name: 'End the session of Firefox · Linux' }).click();
    const ended = Date.now();
    await here.page.getByRole('alert').filter({ hasText: 'The session is over' }).waitFor();
    console.log(`# signed out elsewhere after ${Date.now() - ended} ms`);
    assert.equal(await here.page.getByRole('table').count(), 0, 'what was on the page has gone');
    await there.page.getByText('The session was ended.').waitFor();
    await accessible(here.page);
    await here.leave();
    await there.leave();
  });

  test('the first load is small', async () => {
    const { page, leave } = await visit('/', { alone: true });
    await page.locator('.event-item').first().waitFor();
    await settled(page);
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => /\.js$/.test(name))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    );
    console.log(`# scripts of the start page: ${bytes} bytes`);
    assert.ok(bytes > 50_000 && bytes <= 200_000, `${bytes} bytes`);
    await leave();
  });
});

describe('pages for who is not signed in', () => {
  for (const path of [
    '/sign-in',
    '/organisations',
    '/me',
    '/me/access',
    '/invitation',
    '/accept',
    '/audit/x',
    '/administration',
    '/administration/jobs',
    '/sign-in?error=OIDC_MAIL_KNOWN',
  ]) {
    test(`${path} is accessible`, async () => {
      const { page, faults, leave } = await visit(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await accessibleEverywhere(page);
      assert.deepEqual(faults, []);
      await leave();
    });
  }
});

// tabTo presses Tab until what has the name has the focus.
async function tabTo(page, name) {
  const fits = (text) => (typeof name === 'string' ? text === name : name.test(text));
  const passed = [];
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (fits(at)) return;
    passed.push(at);
  }
  assert.fail(`no way to ${name} by Tab; passed ${passed.join(' | ')}`);
}
