import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, accessibleEverywhere, focused, focusOn, hub, settled, visit } from './browser.mjs';
import { act, ask, organisationOf, signedIn, token } from './people.mjs';

const officer = /officer of Terrassa/;

const inside = () => signedIn(officer);

// walk finds an association that acts in a neighbourhood and has a part in a
// project, and lets it sit at a table.
async function walk() {
  const { data } = await ask('{ sharedProjects(first: 50) { nodes { title partners { organization { __typename id ... on Association { title actsIn(first: 5) { __typename id } } } } } } }');
  const found = data.sharedProjects.nodes.flatMap(({ title, partners }) => partners.map(({ organization }) => ({ project: title, association: organization })));
  const inQuarter = ({ association }) => association?.__typename === 'Association' && association.actsIn.some(({ __typename }) => __typename === 'Neighbourhood');
  const { project, association } = found.find(inQuarter);
  const bearer = await token(officer);
  const table = 'Taula que es camina';
  const id = await act(bearer, 'workingTableCreate', 'table', { convenor: await organisationOf(bearer), kind: 'THEMATIC', title: { ca: table }, visibility: 'PUBLIC' });
  await act(bearer, 'tableMemberAdd', 'table', { table: id, organization: association.id });
  return { quarter: association.actsIn.find(({ __typename }) => __typename === 'Neighbourhood').id, association, table, project, end: () => act(bearer, 'workingTableEnd', 'table', { id }) };
}

// press presses a key until what has the focus is called so.
async function press(page, key, name, most = 80) {
  for (let times = 0; times < most; times++) {
    await page.keyboard.press(key);
    if ((await focused(page)).includes(name)) return;
  }
  assert.fail(`${name} is not reached with ${key}`);
}

describe('the network view', () => {
  test('leads from a neighbourhood to its organisations, their table and their project in the table with the keyboard alone', async () => {
    const { quarter, association, table, project, end } = await walk();
    const { page, faults, leave } = await visit(`/network/${quarter}?lang=ca`);
    await page.getByRole('table').waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    await page.getByRole('button', { name: 'Català' }).click();
    await settled(page);

    // What is behind the association stands under it, and in the address.
    await press(page, 'Tab', `Obre: ${association.title}`);
    await page.keyboard.press('Enter');
    await focusOn(page, `Tanca: ${association.title}`);
    await page.waitForURL(({ searchParams }) => searchParams.get('open') === association.id);
    for (const title of [table, project]) await page.getByRole('row').filter({ hasText: title }).first().waitFor();
    await page.goBack();
    await page.getByRole('button', { name: `Obre: ${association.title}` }).waitFor();
    await page.goForward();
    await page.getByRole('button', { name: `Tanca: ${association.title}` }).waitFor();
    await page.getByRole('link', { name: table, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/tables\//);
    await focusOn(page, table); // the heading of its page
    await page.goBack();
    await page.getByRole('button', { name: `Tanca: ${association.title}` }).waitFor();
    await page.getByRole('link', { name: project, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/projects\//);
    await end();
    assert.deepEqual(faults, []);
    await leave();
  });

  test('and so it does on the drawing', async () => {
    const { quarter, association, table, project, end } = await walk();
    const { page, faults, leave } = await visit(`/network/${quarter}?lang=ca`);
    await page.getByRole('table').waitFor();
    await settled(page);
    await press(page, 'Tab', (await page.locator('.node').first().getAttribute('aria-label')) ?? ''); // the middle of the drawing
    await press(page, 'ArrowRight', association.title);
    await page.keyboard.press('Enter');
    await page.locator(`[data-node="${association.id}"][aria-expanded=true]`).waitFor();
    await page.keyboard.press('ArrowDown');
    if (!(await focused(page)).startsWith(table)) await press(page, 'ArrowRight', table);
    await press(page, 'ArrowUp', association.title, 2);
    await press(page, 'ArrowRight', project); // it stands around the neighbourhood, as the association does
    await press(page, 'Tab', `Ves a la pàgina: ${project}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/projects\//);
    await focusOn(page, project);
    await end();
    assert.deepEqual(faults, []);
    await leave();
  });
});

describe('work that goes on', () => {
  test('a table meets: it is made, called, sat at, and what was decided is followed by another', async () => {
    const mine = await visit('/tables/new?lang=en', await inside());
    const { page } = mine;
    await page.getByRole('textbox', { name: 'Title' }).fill('Taula de prova');
    await settled(page);
    await accessible(page);
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'Taula de prova' }).waitFor();
    const table = page.url().split('/').at(-1);
    await settled(page);
    await accessibleEverywhere(page);
    await sitting(table);

    await page.getByRole('link', { name: 'New session' }).click();
    await page.getByLabel('Begins (time of Barcelona)').fill('2030-05-06T10:00');
    await page.getByLabel('Place').fill('Sala de prova');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText(/6 May 2030.*10:00.*Sala de prova/).waitFor();
    await page.getByLabel('New agenda item').fill('Un acord');
    await page.getByRole('button', { name: 'Add the item' }).click();
    await page.getByRole('heading', { name: 'Un acord' }).waitFor();
    await page.getByRole('button', { name: 'Call the session' }).click();

    // Another browser looks on, and is told without asking.
    const other = await visit(`${new URL(page.url()).pathname}?lang=en`, await inside());
    await other.page.getByRole('banner').getByText('Live', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Begin the session' }).click();
    await page.getByRole('button', { name: 'End the session' }).waitFor();
    for (const at of [0, 1]) {
      await page.getByRole('button', { name: /^There: / }).nth(at).click();
      await page.locator('.attendance [aria-pressed=true]').nth(at).waitFor();
    }
    await page.locator('.badge-good', { hasText: 'Quorum' }).waitFor();
    await page.getByRole('button', { name: 'Take it up: Un acord' }).click();
    await page.getByLabel('What comes of it').selectOption({ label: 'Decision' });
    await page.getByLabel('Text of the resolution').fill('Ens tornem a veure');
    await settled(page);
    await accessibleEverywhere(page);
    await page.getByRole('button', { name: 'Close the item' }).click();
    await page.getByRole('heading', { name: 'Adopted in this session' }).waitFor();
    await other.page.getByText('Ens tornem a veure').waitFor();
    await page.getByRole('button', { name: 'End the session' }).click();
    await page.getByRole('button', { name: 'Begin the minutes' }).click();
    await page.getByLabel('Text of the minutes').waitFor();
    await other.page.getByLabel('Text of the minutes').waitFor();

    await page.goto(`${hub}/promised`);
    await page.getByRole('table').waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    assert.deepEqual([...mine.faults, ...other.faults], []);
    await other.leave();
    await mine.leave();
  });

  // sitting seats two members at a table: nobody decides alone.
  async function sitting(table) {
    const bearer = await token(officer);
    const { data } = await ask('{ organizations(first: 2, filter: { kinds: [ASSOCIATION] }) { nodes { id } } }', {}, bearer);
    for (const { id } of data.organizations.nodes) {
      const answer = await ask(
        'mutation ($input: TableMemberAddInput!) { tableMemberAdd(input: $input) { errors { code message } } }',
        { input: { table, organization: id } },
        bearer,
      );
      assert.deepEqual([answer.errors, answer.data?.tableMemberAdd.errors], [undefined, []]);
    }
  }

  test('an event is made in one screen, published, and made again', async () => {
    const { page, faults, leave } = await visit('/events/new?lang=en', await inside());
    await page.getByRole('textbox', { name: 'Title' }).fill('Jornada de prova');
    await page.getByLabel('Begins (time of Barcelona)').fill('2030-07-01T09:30');
    await page.getByLabel('Place', { exact: true }).fill('Biblioteca');
    await settled(page);
    await accessibleEverywhere(page);
    await page.getByRole('button', { name: 'Make the draft' }).click();
    await page.getByRole('heading', { level: 1, name: 'Jornada de prova' }).waitFor();
    await page.getByText(/1 July 2030.*9:30/).waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Draft', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Duplicate' }).click();
    await page.locator('input[name=title][value="Jornada de prova"]').waitFor();
    assert.deepEqual(faults, []);
    await leave();
  });

  test('the inbox says what concerns its reader, who has read it', async () => {
    const { page, faults, leave } = await visit('/inbox?lang=en', await inside());
    await page.getByText(/^(Unread: \d+|Everything is read\.|Nothing yet\.)$/).waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    const all = page.getByRole('button', { name: 'Mark everything as read' });
    if ((await all.count()) > 0) {
      await all.click();
      await page.getByText('Everything is read.').waitFor();
    }
    assert.deepEqual(faults, []);
    await leave();
  });

  test('a project is begun, and others are listed', async () => {
    const { page, faults, leave } = await visit('/projects?lang=en', await inside());
    await page.locator('.card').first().waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    await page.getByRole('link', { name: 'New project' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('Projecte de prova');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'Projecte de prova' }).waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    await page.getByRole('button', { name: /^Duplicate / }).click();
    const sight = page.getByRole('dialog', { name: 'Duplicate: Projecte de prova' }).getByLabel('Who sees it');
    assert.equal(await sight.inputValue(), 'MEMBERS'); // as the original
    await settled(page);
    await accessibleEverywhere(page);
    await page.keyboard.press('Escape');
    await focusOn(page, /^Duplicate /);
    await page.keyboard.press('Enter');
    await sight.selectOption('Everybody');
    await page.getByRole('dialog').getByRole('button', { name: 'Duplicate' }).click();
    await page.getByText('This is the copy').waitFor();
    const onlooker = await visit(`${new URL(page.url()).pathname}?lang=en`);
    await onlooker.page.getByRole('heading', { level: 1, name: 'Projecte de prova' }).waitFor();
    assert.deepEqual([...faults, ...onlooker.faults], []);
    await onlooker.leave();
    await leave();
  });
});
