import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { accessible, focusOn, hub, launch, settled, visit } from './browser.mjs';
import { act, letter, letters, linkIn, organisationOf, token } from './people.mjs';

const telephone = { viewport: { width: 360, height: 740 } };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

// oneSeat makes an event of two seats, one of them taken.
async function oneSeat() {
  const organiser = await token(/organiser of the Sant Andreu day/);
  const own = await organisationOf(organiser);
  const event = await act(organiser, 'eventCreate', 'event', {
    organiser: own,
    kind: 'SEMINAR',
    title: { ca: 'Una plaça', en: 'One seat' },
    startsAt: '2030-06-03T08:00:00Z',
    venueName: 'Sala de prova',
    seatPools: [{ name: { ca: 'Places', en: 'Seats' }, capacity: 2 }],
  });
  await act(organiser, 'eventPublish', 'event', { id: event });
  await act(organiser, 'registrationCreate', 'registration', { event, organization: own, delegates: [{ role: 'PUBLIC' }], policy: 'WAIT_TOGETHER' });
  return event;
}

describe('registering without an account', () => {
  test('somebody asks for two seats by mail, confirms on a telephone, names one and cancels', async () => {
    const mail = 'sense.compte@entitat.example';
    const had = await letters(mail);
    const asking = await visit(browser, `/events/${await oneSeat()}?lang=en`, telephone);
    let { page } = asking;
    await page.getByRole('link', { name: 'Register without an account' }).click();
    await page.getByRole('heading', { level: 1, name: 'Register' }).waitFor();
    await settled(page);
    await accessible(page);

    await page.getByLabel('Your mail address').fill(mail);
    await page.getByRole('button', { name: 'Send the registration (1)' }).click();
    await focusOn(page, /Choose an organisation/);
    await page.getByLabel('It is an association that is not there').check();
    await page.getByLabel('Name of the association').fill('Associació Prova Enllaç');
    await page.getByLabel('Part of the name').fill('Terrassa');
    await page.getByRole('button', { name: 'Search: Town where it acts' }).click();
    await page.getByRole('button', { name: /^Terrassa .*town council/i }).click();
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByRole('button', { name: 'Send the registration (2)' }).click();
    await focusOn(page, /A mail is on its way to sense\.compte@entitat\.example.*\d+ minutes/);
    await accessible(page);
    assert.deepEqual(asking.faults, []);
    await asking.context.close();

    // The link is all that is needed, on another device too.
    const link = linkIn(await letter(mail, 'booking_link', had));
    assert.equal(link.pathname, '/registration');
    const opened = await visit(browser, `/registration?lang=en${link.hash}`, telephone);
    ({ page } = opened);
    await page.getByText('Registration of Associació Prova Enllaç.').waitFor();
    await page.waitForURL(({ hash }) => hash === '');
    await settled(page);
    await accessible(page);
    await page.getByRole('button', { name: 'Confirm the registration' }).click();
    await focusOn(page, 'Thank you: the registration is confirmed.');
    await page.getByRole('button', { name: 'Confirm the registration' }).waitFor({ state: 'detached' });

    await page.getByText('Give the name (person 1)').click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).first().fill('Neus Inventada');
    await page.getByRole('button', { name: 'Save', exact: true }).first().click();
    await focusOn(page, /^The name is saved/);
    await page.getByText('Replace Neus Inventada').waitFor();

    await page.getByLabel('Take what there is: the rest waits').check();
    await page.getByRole('button', { name: 'Save what to do without enough places' }).click();
    await focusOn(page, 'What to do without enough places is saved.');
    await page.getByText(/^Code to check in: \S+/).waitFor();

    await page.getByRole('button', { name: 'Does not come: person 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click();
    await focusOn(page, 'The place is cancelled.');
    await settled(page);
    await accessible(page);

    await page.getByRole('button', { name: 'Cancel the registration' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click();
    await focusOn(page, 'The registration is cancelled.');
    await settled(page);
    await page.getByRole('button', { name: 'Cancel the registration' }).waitFor({ state: 'detached' });
    await accessible(page);
    assert.deepEqual(opened.faults, []);
    await opened.context.close();
  });

  test('a link that is none, and a certificate that is none, are said to be none', async () => {
    const { page, faults, context } = await visit(browser, '/registration?lang=en#token=none', telephone);
    await page.getByText('The link is of no use').waitFor();
    await page.goto(`${hub}/certificate?lang=en`);
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await focusOn(page, /Write the code/);
    await page.getByLabel('Code of the certificate').fill('AAAAAAAAAAAAAAAAAAAA');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByText('No certificate has this code').waitFor();
    await settled(page);
    await accessible(page);
    assert.deepEqual(faults, []);
    await context.close();
  });
});
