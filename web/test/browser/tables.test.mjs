import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, test } from 'node:test';

import { accessible, accessibleEverywhere, focusOn, hub, settled, visit } from './browser.mjs';
import { ask, letter, letters, linkIn, token } from './people.mjs';

const officer = /officer of Terrassa/;

let table;
let member;
before(async () => {
  // A table of its own: those of other tests may have no members, or a session open.
  const { viewer, organizations } = await asked(
    '{ viewer { appointments { organization { id } } } organizations(first: 1, filter: { kinds: [ASSOCIATION] }) { nodes { id } } }',
  );
  const convenor = viewer.appointments[0].organization.id;
  const made = await done('workingTableCreate', { convenor, kind: 'THEMATIC', title: { en: 'A table of links' } }, 'table { id }');
  table = made.table.id;
  member = organizations.nodes[0].id;
  await done('tableMemberAdd', { table, organization: member }, 'table { id }');
});

// asked is what the hub answers the officer of Terrassa, who organises the table.
async function asked(query, variables = {}) {
  const { data, errors } = await ask(query, variables, await token(officer));
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

// done makes one change and gives what was asked of its result.
async function done(name, input, selection) {
  const type = `${name[0].toUpperCase()}${name.slice(1)}Input`;
  const data = await asked(`mutation ($in: ${type}!) { ${name}(input: $in) { ${selection} errors { code message } } }`, { in: input });
  assert.deepEqual(data[name].errors, []);
  return data[name];
}

const inDays = (days) => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString();

// seated seats somebody without an account, and gives the link that they are
// mailed after something was done at the table.
async function seated(mail, template, act) {
  await done('tableSeatSet', { table, organization: member, position: 'DELEGATE', name: 'Pepa Sense Compte', mail }, 'table { id }');
  const before = await letters(mail);
  const made = await act();
  return { ...made, link: linkIn(await letter(mail, template, before)) };
}

// noTrace tells that the hub has written the secret of a link nowhere.
async function noTrace({ hash }) {
  const secret = new URLSearchParams(hash.slice(1)).get('token');
  assert.ok(secret.length > 20);
  assert.ok(!(await readFile(process.env.TEIXIT_LOG, 'utf8')).includes(secret), 'the secret of a link is in the log');
}

describe('the link of a table', () => {
  test('shows the session, takes an answer and lets it be changed, without an account', async () => {
    const { session, link } = await seated('crida@persona.example', 'table_called', async () => {
      const made = await done('tableSessionCreate', { table, startsAt: inDays(20), place: 'Sala Inventada', title: { en: 'Session of the test' } }, 'session { id }');
      await done('agendaItemAdd', { session: made.session.id, title: { en: 'A first point' } }, 'session { id }');
      return done('tableSessionCall', { id: made.session.id }, 'session { id }');
    });
    assert.equal(link.pathname, '/table/answer');
    const { page, faults, leave } = await visit(`${link.pathname}?lang=en${link.hash}`);
    for (const text of ['Session of the test', 'Sala Inventada', 'A first point', 'Nothing yet']) await page.getByText(text).waitFor();
    assert.equal(new URL(page.url()).hash, '', 'the token does not stay in the address');
    await accessibleEverywhere(page);

    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByRole('alert').getByText('required').waitFor(); // nothing was chosen
    await accessible(page);

    await page.getByLabel('The substitute').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter'); // sent by keyboard alone
    await focusOn(page, /^Thank you: your answer was noted/);
    await page.getByRole('definition').getByText('The substitute').waitFor();
    await page.getByLabel('Nobody: we send our apologies').check();
    await page.getByRole('button', { name: 'Change the answer' }).click();
    await page.getByRole('definition').getByText('Nobody: we send our apologies').waitFor();
    await accessible(page);

    // Another browser finds the answer there; then the session is called off.
    const again = await visit(`${link.pathname}?lang=en${link.hash}`);
    await again.page.getByLabel('Nobody: we send our apologies').and(again.page.locator(':checked')).waitFor();
    await again.leave();
    await done('tableSessionCancel', { id: session.id, reason: { en: 'The test is over.' } }, 'session { id }');
    await page.getByLabel('The delegate').check();
    await page.getByRole('button', { name: 'Change the answer' }).click();
    await page.getByRole('alert').getByText('The session is called off').waitFor();
    await page.goto(hub + link.pathname + link.hash);
    await page.getByRole('alert').getByText('The session is called off').waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    await noTrace(link);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('asks which dates suit, one answer for each', async () => {
    const { poll, link } = await seated('dates@persona.example', 'table_poll', async () => {
      const { session } = await done('tableSessionCreate', { table, title: { en: 'Session to be dated' } }, 'session { id }');
      return done('tablePollOpen', { session: session.id, dates: [inDays(30), inDays(31)], closesAt: inDays(9) }, 'poll { id dates { id } }');
    });
    const { page, faults, leave } = await visit(`${link.pathname}?lang=en${link.hash}`);
    await page.getByText('Session to be dated').waitFor();
    await accessibleEverywhere(page);
    const [first, second] = [page.getByRole('group').nth(0), page.getByRole('group').nth(1)];
    await first.getByLabel('It suits me').check();
    await second.getByLabel('It does not suit me').check();
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await focusOn(page, /^Thank you: your answer was noted/);
    await second.getByLabel('If needed').check();
    await page.getByRole('button', { name: 'Change the answer' }).click();
    const counted = async () =>
      (await asked('query ($id: ID!) { tablePoll(id: $id) { dates { yes ifNeeded no } } }', { id: poll.id })).tablePoll.dates;
    for (const end = Date.now() + 10_000; (await counted())[1].ifNeeded === 0 && Date.now() < end; );
    assert.deepEqual(await counted(), [{ yes: 1, ifNeeded: 0, no: 0 }, { yes: 0, ifNeeded: 1, no: 0 }]);
    await done('tablePollClose', { id: poll.id, date: poll.dates[0].id }, 'poll { id }');
    await page.goto(hub + link.pathname + link.hash);
    await page.getByRole('alert').getByText('This poll of dates is closed').waitFor();
    await settled(page);
    await accessible(page);
    await noTrace(link);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('says so when it is none', async () => {
    const { page, faults, leave } = await visit('/table/answer?lang=en#token=not-a-token');
    await page.getByText('The link does not work any more').waitFor();
    await accessibleEverywhere(page);
    await page.goto(page.url());
    await page.getByText('Open the link of the message').waitFor();
    assert.deepEqual(faults, []);
    await leave();
  });
});
