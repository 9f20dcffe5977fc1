// Against an instance on which a session lasts half a minute without use, of
// which the last third is warned of.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, focused, focusOn, settled, speak, visit } from './browser.mjs';
import { enter, session, signIn, signOut } from './people.mjs';

const home = process.env.TEIXIT_SHORT_URL;
const idle = Number(process.env.TEIXIT_SHORT) * 1000;

// here is what a visit of somebody to this instance begins with.
const here = async (mail) => ({ home, ...(await session(mail, home)) });

const warning = (page) => page.getByRole('alertdialog', { name: 'Are you still there?' });

// Most of the time of each test is waiting, so they wait together.
describe('the end of a session by time', { concurrency: true }, () => {
  test('is warned of, put off, and keeps what was written', async () => {
    const { page, faults, leave } = await visit('/me?lang=en', await here('idle@persona.example'));
    await settled(page);
    await page.getByLabel('Name', { exact: true }).fill('Un nom a mig escriure');

    await warning(page).waitFor({ timeout: 2 * idle });
    assert.equal(await focused(page), 'Stay signed in');
    assert.match(await page.title(), /Are you still there\?/);
    await accessible(page);
    await page.keyboard.press('Enter');
    await warning(page).waitFor({ state: 'detached' });
    await focusOn(page, 'Name'); // back where it was
    assert.doesNotMatch(await page.title(), /Are you still there\?/);

    await warning(page).waitFor({ timeout: 2 * idle });
    await page.getByRole('alert').filter({ hasText: 'nothing had happened for a while' }).waitFor({ timeout: 2 * idle });
    assert.equal(await page.getByLabel('Name', { exact: true }).count(), 0, 'what was on the page has gone');
    assert.equal(await warning(page).count(), 0);
    await settled(page);
    await accessible(page);

    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await enter(page, 'idle@persona.example');
    await page.getByRole('heading', { level: 1, name: 'My data' }).waitFor();
    await page.getByText('We have brought back what you had written and not sent.').waitFor();
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Un nom a mig escriure');
    await settled(page);
    await accessible(page);
    await page.getByRole('button', { name: 'Discard it' }).click();
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), '');
    await focusOn(page, 'Name');
    assert.deepEqual(faults, []);
    await leave();
  });

  test('does not come while somebody works in another window', async () => {
    const { page, context, leave } = await visit('/organisations?lang=en', await here('windows@persona.example'));
    const other = await context.newPage();
    for (const end = Date.now() + 1.2 * idle; Date.now() < end; ) {
      await other.goto(`${home}/me?lang=en`); // each is use
      await other.getByRole('heading', { level: 1, name: 'My data' }).waitFor();
      assert.equal(await warning(page).count(), 0, 'the window behind warns');
      await other.getByText('Mail address: ').waitFor();
      await new Promise((resolve) => setTimeout(resolve, idle / 6)); // somebody reads
    }
    assert.equal(await page.getByRole('heading', { level: 1, name: 'My organisations' }).count(), 1);
    await leave();
  });

  test('on purpose forgets what was written, in every window', async () => {
    const { page, context, leave } = await visit('/me?lang=en', await here('leaving@persona.example'));
    const other = await context.newPage();
    await other.goto(`${home}/me/access?lang=en`);
    await other.getByLabel('Name').fill('Una clau');
    await settled(page);
    await page.getByLabel('Name', { exact: true }).fill('No vull que es vegi');
    const drafts = (of) => of.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('teixit.draft.')).length);
    assert.deepEqual([await drafts(page), await drafts(other)], [1, 1]);
    await signOut(page);
    await page.getByText('You have signed out.').waitFor();
    await other.getByText('Sign in to see this page.').waitFor();
    assert.deepEqual([await drafts(page), await drafts(other)], [0, 0]);

    await signIn(page, 'another@persona.example', home);
    await page.goto(`${home}/me?lang=en`);
    await settled(page);
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), '');
    await leave();
  });

  test('is told in each language', async () => {
    const { page, leave } = await visit('/organisations?lang=en', await here('tongues@persona.example'));
    await speak(page, 'ca');
    await page.getByRole('alertdialog', { name: 'Encara hi sou?' }).waitFor({ timeout: 2 * idle });
    await accessible(page);
    await page.getByRole('button', { name: 'Continua' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await speak(page, 'es');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.getByRole('alertdialog', { name: '¿Sigue ahí?' }).waitFor({ timeout: 2 * idle });
    await accessible(page);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
    await page.getByRole('button', { name: 'Cerrarla ahora' }).click();
    await page.getByText('Para ver esta página hay que iniciar sesión.').waitFor();
    await leave();
  });
});
