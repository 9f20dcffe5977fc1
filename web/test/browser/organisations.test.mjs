import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, accessibleEverywhere, hub, settled, speak, visit } from './browser.mjs';
import { ask, codeIn, enter, fromMenu, letter, letters, linkIn, session, signedIn } from './people.mjs';

const representative = /representative of/;
const newcomer = 'newcomer@entitat.example';

describe('my organisations', () => {
  test('a representative invites somebody, who accepts, and whose role ends again', async () => {
    const mine = await visit('/organisations?lang=en', await signedIn(representative));
    const { page } = mine;
    await page.getByRole('heading', { level: 1, name: 'My organisations' }).waitFor();
    await accessibleEverywhere(page);
    await page.getByRole('table').getByRole('link').first().click();
    await settled(page);
    await page.getByRole('heading', { name: 'People who act for it' }).waitFor();
    await accessibleEverywhere(page);

    // What is wrong is said, and nothing is sent.
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByRole('alert').waitFor();
    await accessible(page);

    const before = await letters(newcomer);
    await page.getByLabel('Mail address').fill(newcomer);
    await page.getByLabel('Role').last().selectOption({ label: 'delegate' });
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByText(`The invitation was sent to ${newcomer}.`).waitFor();
    await page.getByRole('rowheader', { name: newcomer }).waitFor();
    const link = linkIn(await letter(newcomer, 'invitation', before));
    assert.equal(link.origin, hub);

    const theirs = await accept(link);
    await fromMenu(theirs.page, 'My data');
    await theirs.page.getByLabel('Name', { exact: true }).fill('Nova Arribada');
    await theirs.page.getByRole('button', { name: 'Save' }).click();
    await theirs.page.getByText('Saved.').waitFor();
    await page.reload();
    await page.getByRole('rowheader', { name: 'Nova Arribada' }).waitFor();
    await settled(page);
    await page.getByRole('button', { name: 'End the role of Nova Arribada: delegate' }).click();
    await page.getByRole('dialog').waitFor();
    await accessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'End the role of Nova Arribada: delegate' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();
    await page.getByText('They do not act in this role any more.').waitFor();

    // Reading somebody's name is noted, and they can see who did.
    await theirs.page.goto(`${hub}/me`);
    await theirs.page.getByRole('cell', { name: 'The people of an organisation' }).first().waitFor();
    await accessible(theirs.page);

    await theirs.page.goto(`${hub}/organisations`);
    await theirs.page.getByText('You do not act for any organisation now.').waitFor();
    assert.deepEqual([...mine.faults, ...theirs.faults], []);
    await theirs.leave();
    await mine.leave();
  });

  test('an invitation is withdrawn', async () => {
    const mail = 'withdrawn@entitat.example';
    const { page, leave } = await visit('/organisations?lang=en', await signedIn(representative));
    await page.getByRole('table').getByRole('link').first().click();
    await settled(page);
    const before = await letters(mail);
    await page.getByLabel('Mail address').fill(mail);
    await page.getByRole('button', { name: 'Send the invitation' }).click();
    await page.getByRole('rowheader', { name: mail }).waitFor();
    const link = linkIn(await letter(mail, 'invitation', before));
    await page.getByRole('button', { name: `Withdraw the invitation of ${mail}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('The invitation was withdrawn.').waitFor();

    const other = await visit(link.pathname + link.hash);
    await speak(other.page, 'en');
    await other.page.getByText('The invitation is not valid').waitFor();
    await accessible(other.page);
    await other.leave();
    await leave();
  });

  test('an officer of the town decides on who says that an association is theirs', async () => {
    const { page, faults, leave } = await visit('/organisations?lang=en', await signedIn(/officer of Terrassa/));
    await page.getByRole('table').getByRole('link').first().click();
    await settled(page);
    await page.getByRole('heading', { name: 'Who says that an association is theirs' }).waitFor();
    await accessibleEverywhere(page);
    const reject = page.getByRole('button', { name: /^Do not accept: / });
    const waiting = await reject.count();

    await reject.first().click(); // the person is told why, so there has to be a reason
    await page.getByRole('alert').waitFor();
    await accessible(page);
    await page.getByLabel('Reason for not accepting').first().fill('Ask the board to appoint you first.');
    await reject.first().click();
    await page.getByText('It is decided, and the person gets a message.').waitFor();
    await page.waitForFunction(
      (count) => document.querySelectorAll('section[aria-labelledby=open-claims] li').length === count,
      waiting - 1,
    );
    assert.deepEqual(faults, []);
    await leave();
  });

  test('an association that nobody represents is claimed', async () => {
    const { data } = await ask(
      '{ organizations(first: 100, filter: { kinds: [ASSOCIATION] }) { nodes { ... on Association { id claimState } } } }',
    );
    const free = data.organizations.nodes.find(({ claimState }) => claimState === 'UNCLAIMED');
    const { page, faults, leave } = await visit(`/organisations/${free.id}?lang=en`);
    await page.getByRole('link', { name: /^Follow / }).click(); // after signing in it is followed without another press
    await enter(page, 'claimant@persona.example');
    await page.getByText('Following', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Stop following / }).click();
    await page.getByRole('button', { name: /^Follow / }).waitFor();
    await page.getByRole('button', { name: 'This is my association' }).click();
    await page.getByText('Somebody of your town council decides').waitFor();
    await accessibleEverywhere(page);
    await fromMenu(page, 'My organisations');
    await page.getByText('Not decided yet').waitFor();
    assert.deepEqual(faults, []);
    await leave();
  });
});

// accept follows an invitation's link: signs in there, and accepts.
async function accept(link) {
  const theirs = await visit(link.pathname + link.hash);
  const { page } = theirs;
  await speak(page, 'en');
  await page.getByRole('heading', { name: 'First, sign in' }).waitFor();
  await accessibleEverywhere(page);
  const before = await letters(newcomer);
  await page.getByLabel('Mail address').fill(newcomer);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Code', { exact: true }).fill(codeIn(await letter(newcomer, 'sign_in_code', before)));
  await page.getByRole('button', { name: 'Come in' }).click();
  await page.getByRole('button', { name: /^Accept the invitation/ }).click();
  await page.getByRole('heading', { name: 'People who act for it' }).waitFor();
  return theirs;
}

describe('keys for programs', () => {
  test('a key is made, works until it is revoked, and is shown once', async () => {
    const { page, faults, leave } = await visit('/organisations?lang=en', await session('keys@persona.example'));
    await fromMenu(page, 'Sessions and keys');
    await page.getByLabel('Name').fill('Notebook of a test');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = await page.locator('code.secret').textContent();
    await accessibleEverywhere(page);
    const person = async () => (await ask('{ viewer { person { id } } }', {}, key)).data?.viewer?.person.id;
    assert.ok(await person(), 'the key does not sign in');

    await page.reload();
    await page.getByRole('rowheader', { name: 'Notebook of a test' }).waitFor();
    assert.equal(await page.locator('code.secret').count(), 0);
    await page.getByRole('button', { name: /Revoke the key/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('The key was revoked.').waitFor();
    assert.equal(await person(), undefined, 'a revoked key signs in');
    assert.deepEqual(faults, []);
    await leave();
  });
});
