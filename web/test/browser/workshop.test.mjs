// A workshop: groups around tablets, and what comes of what they note.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, accessibleEverywhere, focusOn, onAnyScreen, settled, visit } from './browser.mjs';
import { ask, organisationOf, signedIn, token } from './people.mjs';

const officer = /organiser of the Sant Andreu day/;
const tablet = { viewport: { width: 820, height: 1180 }, hasTouch: true };

const inside = () => signedIn(officer);

// prepared is a workshop for everybody about one town, not open yet.
async function prepared() {
  const bearer = await token(officer);
  const { data } = await ask('{ municipality(by: { ineCode: "08279" }) { id } }', {}, bearer);
  const made = await ask(
    'mutation ($in: WorkshopCreateInput!) { workshopCreate(input: $in) { workshop { id joinCode } errors { code message } } }',
    { in: { organization: await organisationOf(bearer), title: { ca: 'Taller de prova', en: 'Trial workshop' }, visibility: 'PUBLIC', places: [data.municipality.id] } },
    bearer,
  );
  assert.deepEqual([made.errors, made.data?.workshopCreate.errors], [undefined, []]);
  return made.data.workshopCreate.workshop;
}

// joined is a tablet whose group came in with the code.
async function joined(code, name) {
  const opened = await visit(`/workshop?code=${encodeURIComponent(code)}&lang=en`, tablet);
  await opened.page.getByLabel('Name of the group').fill(name);
  await opened.page.getByRole('button', { name: 'Enter the workshop' }).tap();
  await opened.page.getByText(`You are the group ${name}`).waitFor();
  await settled(opened.page);
  return opened;
}

const card = (page, text) => page.locator('.workshop-card', { hasText: text });

describe('a workshop', () => {
  test('groups note and merge on tablets, a priority becomes a project, and others see it happen', async () => {
    const { id, joinCode } = await prepared();
    const lead = await visit(`/workshops/${id}?lang=en`, { ...(await inside()), ...tablet });
    await lead.page.getByRole('button', { name: 'Open the workshop' }).tap();
    await lead.page.getByText(joinCode, { exact: true }).waitFor();
    await settled(lead.page);
    await accessible(lead.page);
    await onAnyScreen(lead.page);
    const onlooker = await visit(`/workshops/${id}?lang=en`);
    await onlooker.page.getByRole('banner').getByText('Live', { exact: true }).waitFor();

    // One group works by touch, the other with the keyboard alone.
    const blue = await joined(joinCode, 'Taula blava');
    await blue.page.getByRole('textbox', { name: 'The priority' }).fill('Bancs a l’ombra');
    await blue.page.getByRole('button', { name: 'Note it' }).tap();
    await card(blue.page, 'Bancs a l’ombra').waitFor();
    const green = await joined(joinCode, 'Taula verda');
    const { keyboard } = green.page;
    await green.page.getByRole('textbox', { name: 'The priority' }).focus();
    await keyboard.type('Més ombra a les places');
    await keyboard.press('Tab');
    await focusOn(green.page, 'Note it');
    await keyboard.press('Enter');
    await card(green.page, 'Més ombra a les places').waitFor();
    await card(green.page, 'Bancs a l’ombra').waitFor();
    await onAnyScreen(green.page);
    await green.page.getByRole('button', { name: '4. Merge' }).focus();
    await keyboard.press('Enter');
    for (const text of ['Bancs a l’ombra', 'Més ombra a les places']) {
      await green.page.getByRole('checkbox', { name: text }).focus();
      await keyboard.press('Space');
    }
    await green.page.getByText('Chosen: 2').waitFor();
    await accessible(green.page);
    await green.page.getByRole('button', { name: 'Merge the chosen ones' }).focus();
    await keyboard.press('Enter');
    await card(blue.page, 'Said by: 2').waitFor();

    // What a group can put in stands beside the priority.
    await blue.page.getByRole('button', { name: '3. What we contribute' }).tap();
    await blue.page.getByRole('button', { name: 'We contribute: Bancs a l’ombra' }).tap();
    await blue.page.getByRole('textbox', { name: 'What we contribute' }).fill('El taller de fusteria');
    await blue.page.getByRole('button', { name: 'Note it' }).tap();
    await card(lead.page, 'El taller de fusteria').waitFor();

    await lead.page.getByRole('button', { name: 'Make it a project: Bancs a l’ombra' }).tap();
    await lead.page.getByRole('dialog').getByLabel('Title').fill('Places amb ombra');
    await settled(lead.page);
    await accessible(lead.page);
    await lead.page.getByRole('button', { name: 'Create', exact: true }).tap();
    for (const { page } of [lead, blue, onlooker]) await page.getByRole('link', { name: 'Places amb ombra' }).waitFor();
    await onlooker.page.getByRole('link', { name: 'Places amb ombra' }).click();
    await onlooker.page.getByRole('heading', { level: 1, name: 'Places amb ombra' }).waitFor();

    // A group whose link is taken back is told so, and a tablet loaded again is still the group's.
    await blue.page.reload();
    await blue.page.getByText('You are the group Taula blava').waitFor();
    await lead.page.getByRole('button', { name: 'Take the link of Taula verda back' }).tap();
    await green.page.getByRole('alert').waitFor();
    for (const { faults, leave } of [lead, onlooker, blue]) {
      assert.deepEqual(faults, []);
      await leave();
    }
    await green.leave();
  });

  test('workshops are listed', async () => {
    const { page, faults, leave } = await visit('/workshops?lang=en', await inside());
    await page.getByRole('heading', { level: 1, name: 'Workshops' }).waitFor();
    await settled(page);
    await accessibleEverywhere(page);

    // One is made on one screen, and another one like it by one press.
    await page.getByRole('link', { name: 'New workshop' }).click();
    await page.getByLabel('Title').fill('Taller d’una pantalla');
    await page.getByLabel('Part of the name').fill('Barcelona');
    await page.getByRole('button', { name: 'Search: Municipality' }).click();
    await page.getByRole('list', { name: 'Municipality' }).getByRole('button').first().click();
    await page.locator('summary', { hasText: 'Sant Andreu' }).click();
    await page.getByLabel('el Bon Pastor').check();
    await settled(page);
    await accessible(page);
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('button', { name: 'Open the workshop' }).waitFor();
    const made = page.url();
    await page.getByRole('button', { name: /^Duplicate / }).click();
    await page.getByText('This is the copy').waitFor();
    assert.notEqual(page.url(), made);
    assert.deepEqual(faults, []);
    await leave();
  });
});
