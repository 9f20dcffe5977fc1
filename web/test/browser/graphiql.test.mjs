import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { visit } from './browser.mjs';

// shown waits for a tab's question to be in the editor.
const shown = (page, question) => page.locator('.graphiql-query-editor').getByText(question).first().waitFor();

// run waits for a tab's question, executes it at once, before GraphiQL has read its
// editor, and waits for an answer with the text in it.
async function run(page, question, text) {
  await shown(page, question);
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await page.locator('.result-window').getByText(text).first().waitFor();
}

describe('GraphiQL', () => {
  test('answers its first question from the hub alone', async () => {
    const { page, faults, leave } = await visit('/graphiql');
    await run(page, 'municipality', '"Terrassa"');
    assert.deepEqual(faults, []);
    await leave();
  });

  test('reads the schema and runs its workers under the policy of the page', async () => {
    const { page, faults, leave } = await visit('/graphiql');
    await page.locator('.graphiql-query-editor .view-lines').waitFor();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Query' }).waitFor();
    if (page.workers().length === 0) await page.waitForEvent('worker');
    assert.deepEqual(faults, []);
    await leave();
  });

  test('follows an event over the WebSocket', async () => {
    const { page, faults, leave } = await visit('/graphiql');
    await shown(page, 'municipality'); // a tab chosen before the editor is there stays without its question
    await page.getByRole('tab', { name: 'Follow' }).click();
    await run(page, 'eventChanges', '"number"');
    assert.deepEqual(faults, []);
    await leave();
  });
});
