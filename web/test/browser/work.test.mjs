import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { accessible, accessibleEverywhere, focusOn, hub, launch, settled, visit } from './browser.mjs';
import { ask, mailOf, signIn, token } from './people.mjs';

const officer = /officer of Terrassa/;

let browser;
// The officer of Terrassa signs in once, in the first of their browsers.
let signedIn;
before(async () => {
  browser = await launch();
  const { page, context } = await visit(browser, '/');
  await signIn(page, await mailOf(officer));
  signedIn = { storageState: await context.storageState() };
  await context.close();
});
after(() => browser?.close());

describe('the network view', () => {
  test('leads from a neighbourhood to an association, its table and its project with the keyboard alone', async () => {
    const { data } = await ask(
      '{ workingTables(first: 50) { nodes { members { organization { __typename id ... on Association { title actsIn(first: 5) { __typename id } partnerIn(first: 5) { nodes { id } } } } } } } }',
    );
    const all = data.workingTables.nodes.flatMap(({ members }) => members.map(({ organization }) => organization));
    const found = all.find((one) => one?.__typename === 'Association' && one.partnerIn.nodes.length > 0);
    const { page, faults, context } = await visit(browser, `/network/${found.actsIn[0].id}?lang=en`);
    await page.getByRole('table').waitFor();
    await settled(page);
    await accessibleEverywhere(page);

    // Some association that acts there is opened, and what is behind it stands under it.
    const rows = page.getByRole('row');
    const before = await rows.count();
    const association = page.getByRole('row').filter({ hasText: 'Association' }).first();
    await association.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: /new nodes/ }).waitFor();
    await focusOn(page, /^Close: /);
    assert.ok((await rows.count()) >= before);

    await page.goto(`${hub}/network/${found.id}`);
    await page.getByRole('row').filter({ hasText: 'Shared project' }).first().waitFor();
    const table = page.getByRole('row').filter({ hasText: 'Working table' }).first();
    await table.getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/tables\//);
    await page.getByRole('heading', { name: 'Who sits there' }).waitFor();
    assert.deepEqual(faults, []);
    await context.close();
  });
});

describe('work that goes on', () => {
  test('a table meets: it is made, called, sat at, and what was decided is followed by another', async () => {
    const mine = await visit(browser, '/tables/new?lang=en', signedIn);
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
    const other = await visit(browser, new URL(page.url()).pathname, signedIn);
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
    await other.context.close();
    await mine.context.close();
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
    const { page, faults, context } = await visit(browser, '/events/new?lang=en', signedIn);
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
    await context.close();
  });

  test('the inbox says what concerns its reader, who has read it', async () => {
    const { page, faults, context } = await visit(browser, '/inbox?lang=en', signedIn);
    await page.getByText(/^(Unread: \d+|Everything is read\.|Nothing yet\.)$/).waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    const all = page.getByRole('button', { name: 'Mark everything as read' });
    if ((await all.count()) > 0) {
      await all.click();
      await page.getByText('Everything is read.').waitFor();
    }
    assert.deepEqual(faults, []);
    await context.close();
  });

  test('a project is begun, and others are listed', async () => {
    const { page, faults, context } = await visit(browser, '/projects?lang=en', signedIn);
    await page.locator('.card').first().waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    await page.getByRole('link', { name: 'New project' }).click();
    await page.getByRole('textbox', { name: 'Title' }).fill('Projecte de prova');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'Projecte de prova' }).waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    assert.deepEqual(faults, []);
    await context.close();
  });
});
