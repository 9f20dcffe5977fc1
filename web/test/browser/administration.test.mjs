import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { accessible, accessibleEverywhere, focusOn, hub, settled, visit } from './browser.mjs';
import { administrator, ask, codeIn, enter, fromMenu, letter, letters, mailOf, session, signedIn, token } from './people.mjs';

describe('one’s own mail address', () => {
  test('is changed by a code that goes to the new one, and the old one is told', async () => {
    const [old, fresh] = ['old.address@persona.example', 'new.address@persona.example'];
    const { page, faults, leave } = await visit('/organisations?lang=en', await session(old));
    await fromMenu(page, 'My data');
    await page.getByRole('button', { name: 'Change the address' }).click();
    await focusOn(page, 'New address');
    await accessibleEverywhere(page);
    await page.getByLabel('New address').fill(old);
    await page.getByRole('button', { name: 'Send a code there' }).click();
    await page.getByRole('alert').filter({ hasText: 'This is your address already.' }).waitFor();
    await accessible(page);

    await page.getByLabel('New address').fill(fresh);
    await page.getByRole('button', { name: 'Send a code there' }).click();
    await page.getByText(`We have sent a code to ${fresh}.`).waitFor();
    await accessible(page);
    const code = page.getByLabel('Code that we sent to the new address');
    await code.fill('0000 0000');
    await page.getByRole('button', { name: 'Use the new address' }).click();
    await page.getByRole('alert').filter({ hasText: 'The code is wrong' }).waitFor();
    await code.fill(codeIn(await letter(fresh, 'mail_change')));
    await page.getByRole('button', { name: 'Use the new address' }).click();
    await page.getByText('The new address is yours now.').waitFor();
    await page.getByText(`Mail address: ${fresh}`).waitFor();
    await accessible(page);
    assert.ok(await letter(old, 'mail_changed'));
    assert.equal(await page.getByRole('button', { name: 'My account' }).count(), 1, 'the session goes on');
    assert.deepEqual(faults, []);
    await leave();
  });
});

describe('the trail of an organisation', () => {
  test('is shown to who answers for it, filtered and taken along', async () => {
    const { page, faults, leave } = await visit('/organisations?lang=en', await signedIn(/representative of/));
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('link', { name: /^Record: / }).click();
    await page.getByRole('heading', { level: 1, name: 'What was done, and who read it' }).waitFor();
    await page.getByRole('cell', { name: 'Somebody has a new role' }).first().waitFor();
    await accessibleEverywhere(page);

    await page.getByLabel('Kind').selectOption('READ');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('cell', { name: 'Change', exact: true }).first().waitFor({ state: 'detached' });
    await page.getByLabel('Kind').selectOption('CHANGE');
    await page.getByLabel('Until day').fill('1999-12-31');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('Nothing fits.').waitFor();
    await settled(page);
    await accessible(page);
    await page.getByLabel('Until day').fill('');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('cell', { name: 'Change', exact: true }).first().waitFor();

    await page.getByRole('button', { name: 'Prepare the file' }).click();
    const link = page.getByRole('link', { name: /\.csv$/ });
    await link.waitFor();
    await accessible(page);
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.match(download.suggestedFilename(), /^[a-z0-9-]+\.csv$/);
    const text = await readFile(await download.path(), 'utf8');
    assert.ok(text.startsWith('\ufeffat,kind,what') && text.includes('PERSON_APPOINTED') && !text.includes(',READ,'), text.slice(0, 500));
    assert.deepEqual(faults, []);
    await leave();
  });

  test('is not shown to others', async () => {
    const { data } = await ask('{ municipality(by: {ineCode: "08279"}) { id } }');
    const { page, leave } = await visit(`/audit/${data.municipality.id}?lang=en`, await session('curious@persona.example'));
    await page.getByRole('alert').filter({ hasText: 'There is no such thing' }).waitFor();
    await accessible(page);
    await leave();
  });
});

describe('the administration', () => {
  test('is for administrators of the platform', async () => {
    const { page, leave } = await visit('/organisations?lang=en', await session('nobody.special@persona.example'));
    await page.getByRole('button', { name: 'My account' }).click();
    assert.equal(await page.getByRole('link', { name: 'Administration' }).count(), 0);
    await page.goto(`${hub}/administration`);
    await page.getByText('This is for who administers the platform.').waitFor();
    await accessible(page);
    await leave();
  });

  test('takes an account out of use, whose session ends at once, and puts it back', async () => {
    const mail = 'to.be.disabled@persona.example';
    const theirs = await visit('/organisations?lang=en', await session(mail));
    const { page, faults, leave } = await visit('/organisations?lang=en', await signedIn(administrator));
    await fromMenu(page, 'Administration');
    await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
    await accessibleEverywhere(page);
    await page.getByLabel('Mail address').fill('nobody@nowhere.example');
    await page.getByRole('button', { name: 'Find the account' }).click();
    await page.getByText('No account has the address nobody@nowhere.example.').waitFor();
    await page.getByLabel('Mail address').fill(mail);
    await page.getByRole('button', { name: 'Find the account' }).click();
    await page.getByText('In use', { exact: true }).waitFor();
    await settled(page);
    await accessible(page);

    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByRole('dialog', { name: `Disable the account of ${mail}` }).waitFor();
    await accessible(page);
    await page.keyboard.press('Escape');
    await focusOn(page, 'Disable'); // back where it was
    await page.getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable', exact: true }).click();
    await page.getByText('The account was disabled.').waitFor();
    await theirs.page.getByRole('alert').filter({ hasText: 'The session is over' }).waitFor();
    await page.getByText(/^Disabled on /).waitFor();
    await page.getByRole('button', { name: 'Enable again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Enable again' }).click();
    await page.getByText('The account was enabled again.').waitFor();
    await settled(page);
    await accessible(page);

    // Who was looked up is told.
    await theirs.page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await enter(theirs.page, mail);
    await fromMenu(theirs.page, 'My data');
    await theirs.page.getByRole('cell', { name: 'The account' }).first().waitFor();
    assert.deepEqual(faults, []);
    await theirs.leave();
    await leave();
  });

  test('makes two entries of one body one', async () => {
    const bearer = await token(/representative of/);
    const [from, into] = await Promise.all(['Entitat de prova doblada', 'Entitat de prova que queda'].map((name) => added(bearer, name)));
    const { page, faults, leave } = await visit('/administration/merge?lang=en', await signedIn(administrator));
    await page.getByRole('group', { name: 'The entry that ends' }).waitFor();
    await accessibleEverywhere(page);
    await page.getByRole('button', { name: 'Merge the entries' }).click();
    await page.getByRole('alert').filter({ hasText: 'Choose both entries' }).waitFor();
    await accessible(page);
    await choose(page, 'The entry that ends', from);
    await choose(page, 'The entry that stays', into);
    await page.getByRole('button', { name: 'Merge the entries' }).click();
    await page.getByRole('dialog').waitFor();
    await accessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Merge the entries' }).click();
    await page.getByText('The entries are one now:').waitFor();
    await settled(page);
    await accessible(page);
    const { data } = await ask('query ($id: ID!) { organization(by: {id: $id}) { id } }', { id: from.id });
    assert.equal(data.organization.id, into.id);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('breaks a glass for a reason, which is told', async () => {
    const officer = await mailOf(/officer of Terrassa/);
    const before = await letters(officer);
    const { page, faults, leave } = await visit('/administration/glass?lang=en', await signedIn(administrator));
    await page.getByText('You have broken none.').or(page.getByRole('table')).first().waitFor();
    await accessibleEverywhere(page);
    await page.getByRole('textbox', { name: 'Part of the name' }).fill('Terrassa');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Organisation' }).getByRole('button', { name: /town council/ }).click();
    await page.getByLabel('Reason').fill('curt');
    await page.getByRole('button', { name: 'Break the glass' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Break it' }).click();
    await page.getByRole('alert').filter({ hasText: 'Say why in 10 to 500 characters.' }).waitFor();
    await accessible(page);
    await page.getByLabel('Reason').fill('Una persona ha denunciat un abús i ho comprovem.');
    await page.getByRole('button', { name: 'Break the glass' }).click();
    await page.getByRole('dialog').waitFor();
    await accessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Break it' }).click();
    await page.getByText('You can see it for half an hour.').waitFor();
    const row = page.getByRole('row').filter({ hasText: 'Una persona ha denunciat' }).first();
    await row.getByText(/^Open until: /).waitFor();
    assert.match((await letter(officer, 'glass_broken', before)).text, /Una persona ha denunciat/);
    await settled(page);
    await accessibleEverywhere(page);
    await row.getByRole('link').click();
    await page.getByRole('cell', { name: 'Somebody looked inside, for a reason' }).first().waitFor();
    assert.deepEqual(faults, []);
    await leave();
  });

  test('shows what work failed, and what is done', async () => {
    const { page, faults, leave } = await visit('/administration/jobs?lang=en', await signedIn(administrator));
    await page.getByText(/^In all: /).waitFor();
    await page.getByLabel('Everything').check();
    await page.getByRole('cell', { name: 'Done' }).first().waitFor();
    await page.getByRole('rowheader', { name: 'mail' }).first().waitFor();
    await accessibleEverywhere(page);
    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByRole('button', { name: 'Newer' }).waitFor();
    await settled(page);
    assert.deepEqual(faults, []);
    await leave();
  });
});

// added adds an association that acts in Terrassa.
async function added(bearer, name) {
  const { data: found } = await ask('{ municipality(by: {ineCode: "08279"}) { id } }');
  const { data, errors } = await ask(
    'mutation ($in: AssociationCreateInput!) { associationCreate(input: $in) { association { id name } errors { message } } }',
    { in: { title: { ca: `${name} ${Date.now()}` }, actsIn: [found.municipality.id] } },
    bearer,
  );
  assert.equal(errors, undefined, JSON.stringify(errors));
  assert.deepEqual(data.associationCreate.errors, []);
  return data.associationCreate.association;
}

// choose finds an organisation by its name, with the keyboard.
async function choose(page, label, { name }) {
  const group = page.getByRole('group', { name: label });
  await group.getByRole('textbox').fill(name);
  await page.keyboard.press('Enter');
  await group.getByRole('list').getByRole('button', { name: new RegExp(`^${name}`) }).press('Enter');
  await group.getByRole('button', { name: /^Choose another/ }).waitFor();
}
