import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, hub, settled, toldBy, visit } from './browser.mjs';
import { ask, fromMenu, letter, letters, linkIn, session, token } from './people.mjs';

const live = (page) => page.getByRole('banner').getByText('Live', { exact: true });

// follow opens the page of the event that the traffic of the demonstration changes
// all the time.
async function follow(page) {
  await page.goto(`${hub}/events?lang=en`);
  await page.getByRole('link', { name: /Besòs/ }).first().click();
  await page.getByText(/^As it is after change \d+/).or(page.getByRole('log').getByText(/^\d+: /)).first().waitFor();
  await live(page).waitFor();
}

// newest is the number of the newest change on the page.
async function newest(page) {
  const line = await page.getByRole('log').getByRole('listitem').first().textContent();
  return Number(line.match(/\d+/)[0]);
}

const shown = (page, number) => page.getByRole('log').getByText(new RegExp(`^${number}: `)).waitFor({ timeout: 60_000 });

describe('a page that is followed', () => {
  test('says that it is offline, catches up without a gap, and is live again', async () => {
    const { page, context, leave } = await visit('/');
    await follow(page);
    await shown(page, (await newest(page)) + 1);
    const told = await toldBy(page);
    await context.setOffline(true);
    await page.getByRole('banner').getByText('Offline: may have changed').waitFor();
    await accessible(page);
    const before = await newest(page);
    // Something is missed meanwhile: the traffic goes on.
    for (const first = await revision(); (await revision()) === first; );
    await context.setOffline(false);
    await live(page).waitFor();
    await shown(page, before + 1);
    assert.ok((await told()).some((text) => text.startsWith('Catching up')), (await told()).join(' | '));
    const numbers = (await page.getByRole('log').getByRole('listitem').allTextContents()).map((line) => Number(line.match(/\d+/)[0]));
    numbers.forEach((number, at) => at > 0 && assert.equal(numbers[at - 1], number + 1, `a gap in ${numbers}`));
    await leave();
  });

  test('goes on with other rights, and stops when its reader is signed out', async () => {
    const mail = 'short.role@persona.example';
    const bearer = await token(/organiser of the Sant Andreu day/);
    const { viewer } = (await ask('{ viewer { appointments { organization { id } } } }', {}, bearer)).data;
    const organization = viewer.appointments[0].organization.id;
    const { page, faults, leave } = await visit('/organisations?lang=en', await session(mail));
    await appoint(page, bearer, organization, mail);

    await follow(page);
    const sockets = [];
    page.on('websocket', (socket) => sockets.push(socket));
    const person = await page.evaluate(who);
    const { data, errors } = await ask(
      'mutation ($in: AppointmentEndInput!) { appointmentEnd(input: $in) { errors { code message } } }',
      { in: { organization, person, role: 'DELEGATE' } },
      bearer,
    );
    assert.deepEqual([errors, data?.appointmentEnd.errors], [undefined, []]);
    for (const end = Date.now() + 20_000; sockets.length === 0 && Date.now() < end; ) await new Promise((wait) => setTimeout(wait, 50));
    assert.ok(sockets.length > 0, 'the panel does not connect again');
    await live(page).waitFor();
    await shown(page, (await newest(page)) + 1);

    const other = await visit('/organisations?lang=en', await session(mail));
    await fromMenu(other.page, 'Sessions and keys');
    await other.page.getByRole('button', { name: 'End all others' }).click();
    await page.getByRole('alert').filter({ hasText: 'The session is over' }).waitFor();
    await page.getByText(/^As it is after change \d+/).waitFor(); // what was seen before has gone
    await settled(page);
    await accessible(page);
    assert.deepEqual(faults, []);
    await other.leave();
    await leave();
  });
});

// appoint invites somebody, who accepts.
async function appoint(page, bearer, organization, mail) {
  const before = await letters(mail);
  const { data } = await ask(
    'mutation ($in: InvitationCreateInput!) { invitationCreate(input: $in) { errors { code message } } }',
    { in: { organization, mail, role: 'DELEGATE' } },
    bearer,
  );
  assert.deepEqual(data?.invitationCreate.errors, []);
  const link = linkIn(await letter(mail, 'invitation', before));
  await page.goto(hub + link.pathname + link.hash);
  await page.getByRole('button', { name: /^Accept the invitation/ }).click();
  await page.waitForURL(/\/organisations\/./);
  await settled(page);
}

// revision is how far the followed event has got, by counting its seats.
async function revision() {
  const { data } = await ask('{ events(first: 20, filter: {upcoming: true}) { nodes { title seatPools { confirmed waiting } } } }');
  return JSON.stringify(data.events.nodes.find(({ title }) => title.includes('Besòs')));
}

async function who() {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { person { id } } }' }),
  });
  return (await response.json()).data.viewer.person.id;
}
