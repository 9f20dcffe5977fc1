import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, accessibleEverywhere, focusOn, settled, toldBy, visit } from './browser.mjs';
import { act, ask, organisationOf, signedIn, token } from './people.mjs';

const officer = /officer of Terrassa/;
const representative = /representative of/;

const chairing = await token(officer);
const club = await organisationOf(await token(representative));
const office = () => signedIn(officer);
const clubs = () => signedIn(representative);

// tableOf makes a table of the council with the club and another association.
async function tableOf(title) {
  const table = await act(chairing, 'workingTableCreate', 'table', { convenor: await organisationOf(chairing), kind: 'THEMATIC', title: { en: title } });
  const { data } = await ask('{ organizations(first: 5, filter: { kinds: [ASSOCIATION] }) { nodes { id name } } }');
  const other = data.organizations.nodes.find(({ id }) => id !== club);
  for (const organization of [club, other.id]) await act(chairing, 'tableMemberAdd', 'table', { table, organization });
  return { table, other };
}

// made makes a session with something to talk about.
async function made(table, startsAt = '2030-06-03T08:00:00Z') {
  const session = await act(chairing, 'tableSessionCreate', 'session', { table, startsAt, place: 'Sala de prova', title: { en: 'A session' } });
  await act(chairing, 'agendaItemAdd', 'session', { session, title: { en: 'A first point' } });
  return session;
}

// meeting takes a session to where it is on, with both members there.
async function meeting({ table, other }, startsAt) {
  const session = await made(table, startsAt);
  await act(chairing, 'tableSessionCall', 'session', { id: session, urgent: { en: 'A test.' } });
  await act(chairing, 'tableSessionOpen', 'session', { id: session });
  for (const organization of [club, other.id]) await act(chairing, 'tableSessionAttend', 'session', { id: session, organization, present: true, cameAs: 'DELEGATE' });
  return session;
}

describe('who sits at a table', () => {
  test('is added, seated, appointed and ended by who runs it', async () => {
    const table = await act(chairing, 'workingTableCreate', 'table', { convenor: await organisationOf(chairing), kind: 'THEMATIC', title: { en: 'A table of members' }, visibility: 'PUBLIC' });
    const { page, faults, leave } = await visit(`/tables/${table}?lang=en`, await office());
    await page.getByText('Add a member').click();
    await page.getByLabel('Part of the name').fill('Bon Pastor');
    await page.getByRole('button', { name: 'Search: New organisation' }).click();
    await page.getByRole('list', { name: 'New organisation' }).getByRole('button').first().click();
    await page.getByRole('button', { name: 'Add it' }).click();
    await focusOn(page, /belongs to the table now/);

    await page.getByRole('button', { name: /^Say who sits there for/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Pepa Sense Compte');
    await page.getByLabel('Mail address').fill('pepa.membre@persona.example');
    await settled(page);
    await accessibleEverywhere(page);
    await page.getByRole('button', { name: 'Give the seat' }).click();
    await page.getByText(/Delegate: Pepa Sense Compte/).waitFor();

    await page.getByText('Appoint somebody').click();
    await page.getByRole('button', { name: 'Give the role' }).or(page.getByRole('form', { name: 'Appoint somebody' }).getByRole('button')).first().click();
    await page.getByText('· Coordinator').waitFor();
    await settled(page);
    await accessible(page);

    await page.getByRole('listitem').filter({ hasText: 'Pepa' }).getByRole('button', { name: /^End: / }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click();
    await focusOn(page, /does not belong to the table any more/);

    // Another one asks to come, is told why not, and sees it happen.
    const asking = await visit(`/tables/${table}?lang=en`, await clubs());
    await asking.page.getByText('Ask to join the table').click();
    await asking.page.getByLabel(/^Why you want to join/).fill('We know the neighbourhood.');
    await asking.page.getByRole('button', { name: 'Send the request' }).click();
    await asking.page.getByText(/have not answered yet/).waitFor();
    await page.getByText('We know the neighbourhood.').waitFor();

    // It takes the request back, once it was asked, and asks again.
    const back = asking.page.getByRole('button', { name: /^Take the request back: / });
    await back.click();
    await settled(asking.page);
    await accessibleEverywhere(asking.page);
    await asking.page.keyboard.press('Escape');
    await focusOn(asking.page, /^Take the request back: /);
    await back.click();
    await asking.page.getByRole('dialog').getByRole('button', { name: 'Take the request back', exact: true }).click();
    await focusOn(asking.page, /The request was taken back/);
    await page.getByText('We know the neighbourhood.').waitFor({ state: 'detached' });
    await asking.page.getByText('Ask to join the table').click();
    await asking.page.getByLabel(/^Why you want to join/).fill('We still know the neighbourhood.');
    await asking.page.getByRole('button', { name: 'Send the request' }).click();
    await page.getByText('We still know the neighbourhood.').waitFor();
    await settled(page);
    await accessible(page);
    await page.getByLabel('Reason for declining').fill('We are enough for now.');
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('It was answered').waitFor();
    await asking.page.getByText('We are enough for now.').waitFor();
    assert.deepEqual([...faults, ...asking.faults], []);
    await asking.leave();
    await leave();
  });
});

describe('a call', () => {
  test('is answered on the page of the session at once, and what is refused is taken back', async () => {
    const { table } = await tableOf('A table that calls');
    const session = await made(table);
    await act(chairing, 'tableSessionCall', 'session', { id: session, urgent: { en: 'A test.' } });
    const { page, faults, leave } = await visit(`/sessions/${session}?lang=en`, await clubs());
    const asked = page.locator('.call-answer');
    await asked.getByLabel('The delegate').check();
    await asked.getByText('You answered: The delegate.').waitFor();
    const answer = async () => (await ask('query ($id: ID!) { tableSession(id: $id) { quorum { answered } } }', { id: session }, chairing)).data.tableSession.quorum.answered;
    for (const end = Date.now() + 20_000; (await answer()) !== 1; ) assert.ok(Date.now() < end, 'the answer does not come');
    await settled(page);
    await accessibleEverywhere(page);

    // The next one is held back on its way and names an organisation that is none.
    let release;
    const held = new Promise((resolve) => (release = resolve));
    await page.route('**/graphql', async (route) => {
      const body = route.request().postData() ?? '';
      if (!body.includes('TableSessionAnswer')) return route.continue();
      await held;
      return route.continue({ postData: body.replace(club, `${club.slice(0, -1)}${club.endsWith('0') ? '1' : '0'}`) });
    });
    await asked.getByLabel('Nobody: we send our apologies').check();
    await asked.getByText('You answered: Nobody').waitFor(); // shown before the hub has said anything
    release();
    await asked.getByText('You answered: The delegate.').waitFor();
    await asked.getByRole('alert').waitFor();
    assert.ok(await asked.getByLabel('The delegate').isChecked());
    await page.unroute('**/graphql');
    await accessible(page);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('can wait for a poll of dates', async () => {
    const { table } = await tableOf('A table that polls');
    const session = await act(chairing, 'tableSessionCreate', 'session', { table, title: { en: 'To be dated' } });
    const { page, faults, leave } = await visit(`/sessions/${session}?lang=en`, await office());
    await page.getByText('Ask the members for a date').click();
    await page.getByLabel('Date 1 (time of Barcelona)').fill('2030-07-01T10:00');
    await page.getByLabel('Date 2 (time of Barcelona)').fill('2030-07-02T10:00');
    await settled(page);
    await accessible(page);
    await page.getByRole('button', { name: 'Ask them' }).click();
    await page.getByRole('heading', { name: 'When shall we meet?' }).waitFor();

    const member = await visit(`/tables/${table}?lang=en`, await clubs());
    await member.page.getByText('Say which dates suit you').click();
    await member.page.getByRole('group', { name: /1 July 2030/ }).getByLabel('It suits me').check();
    await member.page.getByRole('group', { name: /2 July 2030/ }).getByLabel('It does not suit me').check();
    await member.page.getByRole('button', { name: 'Send the answer' }).click();
    await member.page.getByText('The answer was noted.').waitFor();
    await settled(member.page);
    await accessibleEverywhere(member.page);
    await page.getByRole('row').filter({ hasText: '1 Jul 2030' }).getByRole('cell', { name: '1', exact: true }).first().waitFor();
    await page.getByRole('button', { name: /^Choose it: 1 Jul 2030/ }).click();
    await page.getByText(/1 July 2030.*10:00/).first().waitFor();
    assert.deepEqual([...faults, ...member.faults], []);
    await member.leave();
    await leave();
  });
});

describe('minutes', () => {
  test('of two writers lose nothing, and are approved in the next session', async () => {
    const table = await tableOf('A table of two writers');
    const first = await meeting(table);
    await act(chairing, 'tableSessionClose', 'session', { id: first });
    const one = await visit(`/sessions/${first}?lang=en`, await office());
    await one.page.getByRole('button', { name: 'Begin the minutes' }).click();
    await one.page.getByLabel('Text of the minutes').waitFor();
    const two = await visit(`/sessions/${first}?lang=en`, await office());
    await one.page.getByLabel('Text of the minutes').fill('What the first one wrote.');
    await two.page.getByLabel('Text of the minutes').fill('What the second one wrote.');
    await two.page.getByRole('button', { name: 'Save' }).click();
    await two.page.getByText('Saved.', { exact: true }).waitFor();

    // The first is told at once, and has both texts.
    await one.page.getByText('Somebody else has saved the minutes meanwhile.').waitFor();
    await one.page.locator('.theirs').getByText('What the second one wrote.').waitFor();
    assert.equal(await one.page.getByLabel('Text of the minutes').inputValue(), 'What the first one wrote.');
    await settled(one.page);
    await accessibleEverywhere(one.page);
    await one.page.getByRole('button', { name: 'Go on with my text' }).click();
    await one.page.getByRole('button', { name: 'Save' }).click();
    await one.page.getByText('version 3').waitFor();
    // The second has written nothing since, and sees what stands there now.
    await two.page.getByText('version 3').waitFor();
    assert.equal(await two.page.getByLabel('Text of the minutes').inputValue(), 'What the first one wrote.');
    await one.page.getByRole('button', { name: 'Send them to the members for approval' }).click();
    await one.page.getByText(/members can read them since/).waitFor();
    await two.leave();

    const second = await meeting(table, '2030-07-03T08:00:00Z');
    await one.page.goto(one.page.url().replace(first, second));
    await one.page.getByText(/^Read the minutes of session/).click();
    await one.page.getByText('What the first one wrote.').waitFor();
    await settled(one.page);
    await accessible(one.page);
    await one.page.getByRole('button', { name: 'Approve these minutes' }).click();
    await one.page.getByText('approved', { exact: true }).waitFor();

    // It is held once more by one press, and gets its date there.
    await one.page.getByRole('button', { name: /^Duplicate / }).click();
    await one.page.getByText('This is the copy').waitFor();
    await one.page.getByLabel('Begins (time of Barcelona)').fill('2030-09-03T18:00');
    await one.page.getByRole('button', { name: 'Save' }).click();
    await one.page.getByText(/3 September 2030/).waitFor();
    assert.deepEqual([...one.faults, ...two.faults], []);
    await one.leave();
  });
});

describe('a session that is followed', () => {
  test('catches up after the network was lost, and says so', async () => {
    const table = await tableOf('A table on a train');
    const session = await meeting(table);
    const { page, context, leave } = await visit(`/sessions/${session}?lang=en`, { ...(await office()), viewport: { width: 390, height: 780 } });
    const sign = page.getByRole('banner');
    await sign.getByText('Live', { exact: true }).waitFor();
    const told = await toldBy(page);
    await context.setOffline(true);
    await sign.getByText('Offline: may have changed').waitFor();
    for (const title of ['A point that was missed', 'Another one']) await act(chairing, 'agendaItemAdd', 'session', { session, title: { en: title } });
    assert.equal(await page.getByText('A point that was missed').count(), 0);
    await context.setOffline(false);
    await page.getByRole('heading', { name: 'A point that was missed' }).waitFor();
    await page.getByRole('heading', { name: 'Another one' }).waitFor();
    await sign.getByText('Live', { exact: true }).waitFor();
    assert.ok((await told()).some((text) => text.startsWith('Catching up')), (await told()).join(' | '));
    await settled(page);
    await accessible(page);
    await leave();
  });
});
