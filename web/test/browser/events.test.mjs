import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, accessibleEverywhere, settled, visit } from './browser.mjs';
import { act, fromMenu, organisationOf, signedIn, token } from './people.mjs';

// smallEvent makes an event of three places, all of them taken, and one who waits.
async function smallEvent() {
  const organiser = await token(/organiser of the Sant Andreu day/);
  const town = await token(/officer of Terrassa/);
  const own = await organisationOf(organiser);
  const event = await act(organiser, 'eventCreate', 'event', {
    organiser: own,
    kind: 'SEMINAR',
    title: { ca: 'Tres places', en: 'Three places' },
    startsAt: '2030-05-06T08:00:00Z',
    venueName: 'Sala de prova',
    seatPools: [{ name: { ca: 'Places', en: 'Seats' }, capacity: 3 }],
  });
  await act(organiser, 'eventPublish', 'event', { id: event });
  const register = (bearer, organization, count) =>
    act(bearer, 'registrationCreate', 'registration', {
      event,
      organization,
      delegates: Array.from({ length: count }, () => ({ role: 'PUBLIC' })),
      policy: 'WAIT_TOGETHER',
    });
  const taken = await register(organiser, own, 3);
  const waiting = await register(town, await organisationOf(town), 1);
  const cancel = (bearer, id) => act(bearer, 'registrationCancel', 'registration', { id });
  return { event, freeSeats: () => cancel(organiser, taken), leaveLine: () => cancel(town, waiting) };
}

describe('events', () => {
  test('are listed, filtered in the address, and shown as a month', async () => {
    const { page, faults, leave } = await visit('/events?lang=en');
    await page.getByRole('heading', { level: 1, name: 'Upcoming events' }).waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    const all = await page.locator('.event-item').count();
    await page.getByLabel('Kind').selectOption({ label: 'Training' });
    await page.waitForURL(/kind=TRAINING/);
    await settled(page);
    const some = await page.locator('.event-item').count();
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    await page.reload();
    await settled(page);
    assert.equal(await page.locator('.event-item').count(), some, 'the address says what is shown');

    await page.getByRole('link', { name: 'Calendar' }).click();
    await page.getByRole('button', { name: 'Month after' }).click();
    await settled(page);
    await accessibleEverywhere(page);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('a secretary registers three on a telephone, and sees the block move up and in', async () => {
    const { event, freeSeats, leaveLine } = await smallEvent();
    const { page, faults, leave } = await visit(`/events/${event}?lang=en`, {
      ...(await signedIn(/representative of/)),
      viewport: { width: 360, height: 740 },
    });
    await page.getByRole('link', { name: 'Register', exact: true }).click();
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByRole('group', { name: 'Person 1' }).getByLabel(/^Name/).fill('Remei Mostra');
    await settled(page);
    await accessible(page);

    // What was written is there again after the page was left.
    await page.reload();
    await page.getByText('We have brought back what you had written').waitFor();
    assert.equal(await page.getByRole('group', { name: 'Person 1' }).getByLabel(/^Name/).inputValue(), 'Remei Mostra');
    await page.getByLabel('Wait together: we all come, or all wait').check();
    await page.getByRole('button', { name: 'Send the registration (3)' }).click();

    await page.getByText('On the waiting list', { exact: true }).waitFor();
    const mine = page.getByRole('article');
    await mine.getByText('2', { exact: true }).waitFor();
    await accessible(page);
    // What moves is told to the page, which asks for nothing.
    const asked = [];
    const listen = (request) => request.url().endsWith('/graphql') && asked.push(request.postData());
    page.on('request', listen);
    await leaveLine();
    await mine.getByText('1', { exact: true }).waitFor();
    await freeSeats();
    await mine.getByText('Confirmed', { exact: true }).first().waitFor();
    await page.getByText('3 of 3 taken').waitFor();
    page.off('request', listen);
    assert.deepEqual(asked, []);

    // A name follows later, and the block is taken back from my registrations.
    const unnamed = mine.getByRole('listitem').filter({ hasText: 'No name yet' }).first();
    await unnamed.getByText('Give the name').click();
    await unnamed.getByLabel('Name', { exact: true }).fill('Tomeu Prova');
    await unnamed.getByRole('button', { name: 'Save' }).click();
    await mine.getByText('Tomeu Prova').first().waitFor();
    await page.getByRole('button', { name: 'Menu' }).click();
    await fromMenu(page, 'My registrations');
    const kept = page.getByRole('article').filter({ hasText: 'Three places' }).first(); // the newest
    await kept.waitFor();
    await settled(page);
    await accessible(page);
    await kept.getByRole('button', { name: 'Cancel the registration' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click();
    await kept.getByText('Cancelled', { exact: true }).first().waitFor();
    assert.deepEqual(faults, []);
    await leave();
  });

  test('one that is no more is said to be so', async () => {
    const { page, leave } = await visit('/events/ev_01m80rtbwff9s9kgb233nf7vmz?lang=en');
    await page.getByText('or to something that you may not see').waitFor();
    await accessible(page);
    await leave();
  });
});

describe('the frame', () => {
  test('finds, states how accessible it is, and shows what pages are made of', async () => {
    const { page, faults, leave } = await visit('/?lang=en');
    await page.getByRole('searchbox').fill('terrassa');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Search: terrassa' }).waitFor();
    await page.getByRole('heading', { name: 'Municipalities' }).waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    for (const [link, title] of [
      ['Accessibility', 'Accessibility'],
      ['Design system', 'Design system'],
    ]) {
      await page.getByRole('contentinfo').getByRole('link', { name: link }).click();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await settled(page);
      await accessibleEverywhere(page);
    }
    assert.deepEqual(faults, []);
    await leave();
  });
});
