import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';

import { accessible, accessibleEverywhere, hub, visit } from './browser.mjs';
import { ask, fromMenu, letter, letters, linkIn, session, token } from './people.mjs';

const representative = /representative of/;

// answered gives the data of an answer, or fails with what the hub said.
function answered({ data, errors }) {
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

describe('my data', () => {
  test('are shown, changed, downloaded and erased, with a receipt', async () => {
    const mail = 'my.data@persona.example';
    const { page, faults, leave } = await visit('/organisations?lang=en', await session(mail));
    await fromMenu(page, 'My data');
    await page.getByText(`Mail address: ${mail}`).waitFor();
    await page.getByText('Nobody has read them.').waitFor();
    await accessibleEverywhere(page);

    await page.getByLabel('Name', { exact: true }).fill('Mireia Canari de Prova');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();

    await page.getByRole('button', { name: 'Prepare my data' }).click();
    await page.getByText('You can download them now:').waitFor();
    await accessible(page);
    const json = await downloaded(page, 'teixit.json');
    assert.ok(json.includes('Mireia Canari de Prova') && json.includes(mail));
    JSON.parse(json);
    const tables = await downloaded(page, 'teixit-csv.zip'); // stored, not compressed
    assert.ok(tables.includes('person.csv') && tables.includes('Mireia Canari de Prova'));

    await page.getByRole('button', { name: 'Erase my data' }).click();
    await page.getByRole('dialog').waitFor();
    await accessible(page);
    await page.getByRole('button', { name: 'Erase everything' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor(); // not ticked
    await page.getByLabel('I understand, and want them erased').check();
    await page.getByRole('button', { name: 'Erase everything' }).click();
    await page.getByRole('heading', { name: 'Your data were erased' }).waitFor();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    await accessibleEverywhere(page);
    const reference = await page.getByRole('definition').locator('code').textContent();
    const receipt = await letter(mail, 'erasure_receipt');
    assert.ok(receipt.text.includes(reference), `${reference} is not in the mail`);
    assert.deepEqual(faults, []);
    await leave();
  });
});

// downloaded is the text behind a link for downloading.
async function downloaded(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name, exact: true }).click()]);
  assert.equal(download.suggestedFilename(), name);
  return readFile(await download.path(), 'utf8');
}

describe('registered by somebody else', () => {
  test('the name is corrected, needs are added, and then it is not me', async () => {
    const mail = 'registered@persona.example';
    const link = linkIn(await registered(mail, 'Pere Registrat'));
    assert.equal(link.pathname, '/accept');
    const { page, faults, leave } = await visit(`/accept?lang=en${link.hash}`);
    await page.getByText('Pere Registrat').waitFor();
    assert.equal(new URL(page.url()).hash, '', 'the token does not stay in the address');
    await accessibleEverywhere(page);

    await page.getByLabel('I come, but my name is another').check();
    await page.getByLabel('Right name').fill('Pere Corregit');
    await page.getByLabel('What you do not eat, or only eat (optional)').fill('vegetarià');
    await page.getByLabel('Also the people of my organisation').check();
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByText('Thank you: the name was corrected.').waitFor();
    await page.getByText('Pere Corregit').waitFor();
    await accessible(page);

    await page.getByLabel('That is not me, or I do not want to be named').check();
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByText('Your name was taken off.').waitFor();
    await accessible(page);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('a link that is none says so', async () => {
    const { page, leave } = await visit('/accept?lang=en#token=not-a-token');
    await page.getByText('The link does not work any more').waitFor();
    await accessibleEverywhere(page);
    await leave();
  });
});

// registered has a representative register somebody for an event to come, and
// gives the mail that tells them.
async function registered(mail, name) {
  const bearer = await token(representative);
  const { viewer, events } = answered(
    await ask(
      `{ viewer { appointments { organization { id } } }
         events(first: 50, filter: { upcoming: true }) { nodes { id seatPools { availability } } } }`,
      {},
      bearer,
    ),
  );
  const organization = viewer.appointments[0].organization.id;
  const before = await letters(mail);
  const refusals = [];
  for (const { id: event } of events.nodes.filter(({ seatPools }) => seatPools.length > 0)) {
    const { registrationCreate } = answered(
      await ask(
        `mutation ($input: RegistrationCreateInput!) {
           registrationCreate(input: $input) { registration { id } errors { message code } } }`,
        { input: { event, organization, policy: 'WAIT_TOGETHER', delegates: [{ name, mail, role: 'ASSOCIATION' }] } },
        bearer,
      ),
    );
    if (registrationCreate.registration !== null) return letter(mail, 'registered_by_other', before);
    refusals.push(...registrationCreate.errors);
  }
  throw new Error(`no event takes a registration: ${JSON.stringify(refusals)}`);
}
