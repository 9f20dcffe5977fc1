import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { accessible, focusOn, hub, settled, visit } from './browser.mjs';
import { act, ask, enter, letter, letters, linkIn, mailOf, organisationOf, token } from './people.mjs';

const telephone = { viewport: { width: 360, height: 740 } };

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

// waitingGuest makes an event that begins today, full, and has somebody without an
// account wait for it; makeRoom adds a seat.
async function waitingGuest(mail) {
  const organiser = await token(/organiser of the Sant Andreu day/);
  const own = await organisationOf(organiser);
  const event = await act(organiser, 'eventCreate', 'event', {
    organiser: own,
    kind: 'SEMINAR',
    title: { ca: 'Comença aviat', en: 'Begins soon' },
    startsAt: hence(6),
    venueName: 'Sala de prova',
    seatPools: [{ name: { ca: 'Places', en: 'Seats' }, capacity: 1 }],
  });
  await act(organiser, 'eventPublish', 'event', { id: event });
  await act(organiser, 'registrationCreate', 'registration', { event, organization: own, delegates: [{ role: 'PUBLIC' }], policy: 'WAIT_TOGETHER' });
  const had = await letters(mail);
  const asked = await ask('mutation ($input: RegistrationRequestInput!) { registrationRequest(input: $input) { errors { code } } }', {
    input: { event, mail, language: 'EN', organization: { id: own }, delegates: [{ role: 'PUBLIC', name: 'Remei Espera' }], policy: 'WAIT_TOGETHER' },
  });
  assert.deepEqual(asked, { data: { registrationRequest: { errors: [] } } });
  const link = new URLSearchParams(linkIn(await letter(mail, 'booking_link', had)).hash.slice(1)).get('token');
  const confirmed = await ask('mutation ($token: String!) { registrationConfirm(input: { token: $token }) { registration { state } errors { code } } }', { token: link });
  assert.deepEqual(confirmed.data.registrationConfirm, { registration: { state: 'WAITLISTED' }, errors: [] });
  const { data } = await ask('query ($event: ID!) { event(id: $event) { seatPools { id } } }', { event }, organiser);
  return { makeRoom: () => act(organiser, 'seatPoolResize', 'event', { id: data.event.seatPools[0].id, capacity: 2 }) };
}

// certified holds a training to which somebody came, and gives the code of the
// certificate.
async function certified(name) {
  const organiser = await token(/organiser of the Sant Andreu day/);
  const event = await act(organiser, 'eventCreate', 'event', {
    organiser: await organisationOf(organiser),
    kind: 'TRAINING',
    title: { ca: 'Formació de prova', en: 'A training' },
    startsAt: hence(-3),
    endsAt: hence(-1),
    venueName: 'Sala de prova',
    seatPools: [{ name: { ca: 'Places', en: 'Seats' }, capacity: 5 }],
  });
  await act(organiser, 'eventPublish', 'event', { id: event });
  await act(organiser, 'eventWalkInAdd', 'delegate', { event, delegate: { role: 'PUBLIC', name } });
  await act(organiser, 'eventMarkHeld', 'event', { id: event });
  const issued = await ask('mutation ($id: ID!) { eventCertificatesIssue(input: { id: $id }) { issued errors { code } } }', { id: event }, organiser);
  assert.deepEqual(issued.data.eventCertificatesIssue, { issued: 1, errors: [] });
  const { data } = await ask(
    'query ($id: ID!) { event(id: $id) { registrations { nodes { delegates { certificate { code } } } } } }',
    { id: event },
    organiser,
  );
  return data.event.registrations.nodes[0].delegates[0].certificate.code;
}

const hence = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe('registering without an account', () => {
  test('somebody asks for two seats by mail, confirms on a telephone, names one and cancels', async () => {
    const mail = 'sense.compte@entitat.example';
    const had = await letters(mail);
    const asking = await visit(`/events/${await oneSeat()}?lang=en`, telephone);
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
    await asking.leave();

    // The link is all that is needed, on another device too.
    const link = linkIn(await letter(mail, 'booking_link', had));
    assert.equal(link.pathname, '/registration');
    const opened = await visit(`/registration?lang=en${link.hash}`, telephone);
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
    await opened.leave();
  });

  test('an offered seat is accepted by its link, which outlives signing in and goes into the account', async () => {
    const mail = 'espera@entitat.example';
    const { makeRoom } = await waitingGuest(mail);
    const had = await letters(mail);
    await makeRoom();
    const link = linkIn(await letter(mail, 'seat_offered', had));
    const { page, faults, leave } = await visit(`/registration?lang=en${link.hash}`, telephone);
    await page.getByRole('button', { name: 'We come: accept the place' }).waitFor();
    await settled(page);
    await accessible(page);
    await page.getByRole('button', { name: 'We come: accept the place' }).click();
    await focusOn(page, 'Thank you: the place is yours.');
    await page.getByRole('button', { name: 'We come: accept the place' }).waitFor({ state: 'detached' });
    await page.getByText(/^Code to check in: \S+/).waitFor();

    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await enter(page, await mailOf(/representative of/));
    await page.getByRole('button', { name: 'Take it into my account' }).click();
    await focusOn(page, 'The registration is in your account now.');
    await page.reload();
    await page.getByText('The registration is in the account of who asked for it.').waitFor();
    await settled(page);
    await accessible(page);
    await page.goto(`${hub}/me/registrations`);
    await page.getByRole('article').filter({ hasText: 'Begins soon' }).first().waitFor();

    // Digests are chosen where they lead to, and left there.
    await page.goto(`${hub}/inbox/digests`);
    await page.getByLabel('Comment').selectOption({ label: 'On Mondays' });
    await page.locator('select[name=reminders]').selectOption('no');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await focusOn(page, 'Saved.');
    await page.getByRole('button', { name: 'I want no digests' }).click();
    await page.waitForFunction(() => [...document.querySelectorAll('main select')].every(({ name, value }) => value === (name === 'reminders' ? 'no' : 'NEVER')));
    await settled(page);
    await accessible(page);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('a genuine certificate is told from a forged one', async () => {
    const code = await certified('Mercè Inventada Prova');
    const { page, faults, leave } = await visit('/certificate?lang=en', telephone);
    const check = async (written, name) => {
      await page.getByLabel('Code of the certificate').fill(written);
      await page.getByLabel(/^Name on it/).fill(name);
      await page.getByRole('button', { name: 'Check', exact: true }).click();
    };
    await check(code.toLowerCase(), 'mercè inventada prova');
    await page.getByText('The certificate is genuine.').waitFor();
    await page.getByText('The name is that of whom it certifies.').waitFor();
    await page.getByText('A training').waitFor();
    await settled(page);
    await accessible(page);
    await check(code, 'Una Altra Persona');
    await page.getByText('The name is not that of whom it certifies.').waitFor();
    assert.ok(!(await page.getByRole('main').textContent()).includes('Mercè'), 'the name is told to nobody who does not know it');
    await accessible(page);
    const forged = code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    await check(forged, '');
    await page.getByText('No certificate has this code').waitFor();
    await settled(page);
    await accessible(page);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('a link that is none, and a certificate that is none, are said to be none', async () => {
    const { page, faults, leave } = await visit('/registration?lang=en#token=none', telephone);
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
    await leave();
  });
});
