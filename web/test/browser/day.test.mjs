// The day of an event: made in one screen, watched, its door on two telephones.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import encodeQR from 'qr';

import { accessible, accessibleEverywhere, hub, launch, onAnyScreen, settled, visit } from './browser.mjs';
import { ask, mailOf, organisationOf, session, signedIn, signOut, token } from './people.mjs';

const officer = /organiser of the Sant Andreu day/;
const phone = { viewport: { width: 390, height: 844 } };
const names = ['Alba Mostra', 'Biel Mostra', 'Carme Mostra', 'Dídac Mostra'];

const inside = () => signedIn(officer);

// done makes one change by the API and gives its payload.
async function done(bearer, name, input, selection = '') {
  const Type = name[0].toUpperCase() + name.slice(1);
  const { data, errors } = await ask(`mutation ($in: ${Type}Input!) { ${name}(input: $in) { ${selection} errors { code message } } }`, { in: input }, bearer);
  assert.deepEqual([errors, data?.[name].errors], [undefined, []]);
  return data[name];
}

// come registers the four for an event and gives who they are, with their codes.
async function come(event) {
  const bearer = await token(officer);
  const made = await done(
    bearer,
    'registrationCreate',
    {
      event,
      organization: await organisationOf(bearer),
      delegates: names.map((name, at) => ({ name, mail: `mostra-${at}@example.org`, role: 'PUBLIC' })),
      policy: 'WAIT_TOGETHER',
    },
    'registration { delegates { id name checkInCode } }',
  );
  return made.registration.delegates;
}

// planned makes an event by the API, for tests that are not about making one.
async function planned(title) {
  const bearer = await token(officer);
  const made = await done(
    bearer,
    'eventCreate',
    {
      organiser: await organisationOf(bearer),
      kind: 'SEMINAR',
      title: { ca: title, en: title },
      startsAt: '2030-05-06T08:00:00Z',
      venueName: 'Sala de prova',
      seatPools: [{ name: { ca: 'Places', en: 'Seats' }, capacity: 10 }],
    },
    'event { id }',
  );
  await done(bearer, 'eventPublish', { id: made.event.id });
  return made.event.id;
}

// atDoor opens the door's page on a telephone, until it would open without a network.
async function atDoor(event) {
  const opened = await visit(`/events/${event}/check-in?lang=en`, { ...(await inside()), ...phone, alone: true });
  await opened.page.getByText('This page opens without a connection too.').waitFor();
  await settled(opened.page);
  return opened;
}

async function typeCode(page, code) {
  await page.getByRole('textbox', { name: 'Code', exact: true }).fill(code);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
}

const verdict = (page, words) => page.locator('.door-verdict', { hasText: words }).waitFor();

// Being without a network is not a fault of the page.
const otherFaults = (faults) => faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket connection|Failed to fetch/.test(fault));

describe('the day of an event', () => {
  test('an event is made in one screen, and two telephones check in, one of them offline for a while', async () => {
    const office = await visit('/events/new?lang=en', await inside());
    const { page } = office;
    await page.getByRole('textbox', { name: 'Title' }).fill('Jornada amb porta');
    await page.getByLabel('Begins (time of Barcelona)').fill('2030-07-01T09:30');
    await page.getByLabel('Place', { exact: true }).fill('Biblioteca');
    await page.getByLabel(/^Places/).fill('10');
    await page.getByRole('button', { name: 'Make the draft' }).click();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('link', { name: 'Open the door' }).waitFor();
    const event = new URL(page.url()).pathname.split('/').at(-1);
    const [alba, biel, carme] = await come(event);

    await page.getByRole('link', { name: 'Organising' }).click();
    await page.locator('[data-figure=confirmed]', { hasText: '4' }).waitFor();
    await page.getByText('Alba Mostra').first().waitFor();
    await settled(page);
    await accessibleEverywhere(page);

    const here = await atDoor(event);
    await accessible(here.page);
    await onAnyScreen(here.page);
    const there = await atDoor(event);

    // One telephone loses the network, and is even opened anew without it.
    await there.context.setOffline(true);
    await there.page.reload();
    await there.page.getByText('No connection: the door works with the list you have.').waitFor();
    await typeCode(there.page, alba.checkInCode);
    await verdict(there.page, 'Come in');
    await there.page.getByText('Not sent yet: 1').waitFor();
    await there.page.getByLabel('Name or organisation').fill('carme');
    await there.page.getByRole('button', { name: 'Arrived: Carme Mostra' }).click();
    await there.page.getByText('Not sent yet: 2').waitFor();
    await typeCode(there.page, 'AAAABBBBCCCCDDDDEEEE');
    await verdict(there.page, 'Not on the list');
    await accessible(there.page);

    // Meanwhile the other one lets the same person in, and refuses a code that is dead.
    await typeCode(here.page, alba.checkInCode.toLowerCase().replace(/(.{4})/g, '$1 '));
    await verdict(here.page, 'Come in');
    await here.page.getByText('Everything is sent.').waitFor();
    await done(await token(officer), 'delegateReplace', { id: biel.id, name: 'Berta Substituta' });
    await typeCode(here.page, biel.checkInCode);
    await verdict(here.page, 'Cannot come in');
    await here.page.locator('.door-said', { hasText: 'the seat went to somebody else' }).waitFor();
    await page.locator('[data-figure=arrived]', { hasText: '1' }).waitFor();

    // It is back: both are told, and it is one arrival each.
    await there.context.setOffline(false);
    await there.page.getByText('Everything is sent.').waitFor();
    await there.page.getByRole('listitem').filter({ hasText: 'was there' }).filter({ hasText: 'Alba Mostra' }).waitFor();
    await here.page.getByText(/Alba Mostra was shown in at device \w+ too/).waitFor();
    await page.locator('[data-figure=arrived]', { hasText: '2' }).waitFor();
    await typeCode(there.page, alba.checkInCode);
    await verdict(there.page, 'Had arrived already');
    await there.page.locator('.door-said', { hasText: /rrived at \d/ }).waitFor();
    assert.equal(carme.name, 'Carme Mostra');

    assert.deepEqual(office.faults, []);
    assert.deepEqual(here.faults, []);
    assert.deepEqual(otherFaults(there.faults), []);
    for (const { leave } of [office, here, there]) await leave();
  });

  test('who signs out takes the list of names along, once all is sent', async () => {
    const event = await planned('Llista que se’n va');
    const [alba] = await come(event);
    const { page, faults, leave } = await visit(`/events/${event}/check-in?lang=en`, { ...(await session(await mailOf(officer))), ...phone, alone: true });
    await page.getByText('This page opens without a connection too.').waitFor();
    await typeCode(page, alba.checkInCode);
    await verdict(page, 'Come in');
    await page.goto(`${hub}/me`);
    const kept = () =>
      page.evaluate(async () => ({
        lists: (await indexedDB.databases()).map(({ name }) => name),
        files: await caches.keys(),
        workers: (await navigator.serviceWorker.getRegistrations()).length,
      }));
    assert.deepEqual(await kept(), { lists: ['teixit.door'], files: ['teixit.door'], workers: 1 });
    await page.getByRole('button', { name: 'Menu' }).click();
    await signOut(page);
    await page.waitForURL(/\/sign-in/);
    for (const end = Date.now() + 10_000; ; ) {
      const now = await kept();
      if (now.lists.length + now.files.length + now.workers === 0) break;
      assert.ok(Date.now() < end, `it keeps ${JSON.stringify(now)}`);
    }
    const { data } = await ask('query ($id: ID!) { event(id: $id) { registrations { nodes { delegates { name arrivedAt } } } } }', { id: event }, await token(officer));
    const arrived = data.event.registrations.nodes.flatMap(({ delegates }) => delegates.filter(({ arrivedAt }) => arrivedAt !== null).map(({ name }) => name));
    assert.deepEqual(arrived, ['Alba Mostra']);
    assert.deepEqual(faults, []);
    await leave();
  });

  test('a camera reads the code of a badge', async () => {
    const event = await planned('Càmera');
    const [alba] = await come(event);
    const folder = await mkdtemp(join(tmpdir(), 'teixit-camera-'));
    const film = join(folder, 'badge.y4m');
    await writeFile(film, filmOf(alba.checkInCode));
    const seeing = await launch(['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`]);
    try {
      const { page, faults, leave } = await visit(`/events/${event}/check-in?lang=en`, { ...(await inside()), ...phone, permissions: ['camera'], within: seeing });
      await page.getByRole('button', { name: 'Start the camera' }).click();
      await verdict(page, 'Come in');
      await page.locator('.door-said', { hasText: 'Alba Mostra' }).waitFor();
      await accessible(page);
      assert.deepEqual(faults, []);
      await leave();
    } finally {
      await seeing.close();
      await rm(folder, { recursive: true });
    }
  });

  test('the list and the badges are printed on sheets that everybody can read', async () => {
    const event = await planned('Paper');
    await come(event);
    const { page, faults, leave } = await visit(`/events/${event}/sheets?lang=en`, await inside());
    await page.getByRole('row').filter({ hasText: 'Alba Mostra' }).waitFor();
    await settled(page);
    await accessibleEverywhere(page);
    for (const [sheet, what] of [
      ['List of participants', 'tbody tr'],
      ['Badges', '.badge-card'],
    ]) {
      await page.getByRole('radio', { name: sheet }).check();
      assert.equal(await page.locator(what).count(), 4);
      assert.equal(await page.getByRole('img', { name: 'QR code of Alba Mostra' }).count(), 1);
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.getByRole('button', { name: 'Print' }).isVisible(), false);
      await accessible(page);
      await page.emulateMedia({ media: 'screen' });
    }
    assert.deepEqual(faults, []);
    await leave();
  });

  test('its organisers write, raise the capacity, let one go and make another like it', async () => {
    const event = await planned('Per organitzar');
    await come(event);
    const { page, faults, leave } = await visit(`/events/${event}/organise?lang=en`, await inside());
    await page.getByText('Shown: 1 / 1').waitFor();
    await page.getByRole('spinbutton', { name: 'Capacity: Seats' }).fill('3');
    await page.getByRole('button', { name: 'Change the capacity' }).click();
    await page.getByRole('alert').filter({ hasText: '4' }).waitFor();
    await page.getByRole('spinbutton', { name: 'Capacity: Seats' }).fill('12');
    await page.getByRole('button', { name: 'Change the capacity' }).click();
    await page.getByText('The capacity was changed.').waitFor();
    await page.getByLabel('Name, organisation or code').fill('didac');
    await page.getByRole('button', { name: 'Cancel the seat: Dídac Mostra' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel it' }).click();
    await page.locator('[data-figure=confirmed]', { hasText: '3' }).waitFor();
    await page.getByLabel('Subject').fill('Canvi de sala');
    await page.getByLabel('Text', { exact: true }).fill('Serà a la sala gran.');
    await page.getByRole('button', { name: 'Send the message' }).click();
    await page.getByText(/^Sent to \d+ people\.$/).waitFor();
    await takesIn(page);
    await page.getByRole('button', { name: 'Make another like it' }).click();
    await page.getByText('Draft', { exact: true }).waitFor();
    await page.getByText(/13 May 2030/).waitFor();
    assert.deepEqual(faults, []);
    await leave();
  });
});

describe('a long list', () => {
  test('is found again by a page that is opened anew, and followed to its end', async () => {
    const event = await planned('Jornada amb una llista llarga');
    const { page, faults, leave } = await visit(`/events/${event}/organise?lang=en`, await inside());
    const list = `name\n${Array.from({ length: 60_000 }, (_, line) => `Persona ${line}`).join('\n')}\n`;
    await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'llarga.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
    await page.getByRole('button', { name: 'Try the list out' }).click();
    const progress = page.getByRole('progressbar', { name: 'Taking in the list' });
    await progress.waitFor();
    await page.reload();
    await progress.waitFor();
    assert.equal(await page.getByRole('button', { name: 'Try the list out' }).getAttribute('aria-disabled'), 'true');
    const end = page.getByRole('status').filter({ hasText: 'Nobody was registered.' });
    await end.waitFor();
    assert.match(await end.getByRole('region', { name: 'Problems of the list' }).getByRole('row').nth(1).innerText(), /^2\s+Organisation\s/);
    await page.reload();
    const earlier = page.getByRole('region', { name: 'Earlier lists' });
    await earlier.getByText('Nobody was registered.').waitFor();
    await earlier.getByText('Problems: 50').click();
    await earlier.getByRole('region', { name: 'Problems of the list' }).waitFor();
    await accessibleEverywhere(page);
    assert.deepEqual(faults, []);
    await leave();
  });
});

// takesIn tries a list out and has what is right of it taken in.
async function takesIn(page) {
  const list = 'name;mail\nElna Mostra;elna@example.org\n;ningu@example.org\nFidel Mostra;\n';
  await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'llista.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
  await page.getByRole('button', { name: 'Try the list out' }).click();
  await page.getByText('Nobody was registered.').waitFor();
  const wrong = page.getByRole('region', { name: 'Problems of the list' }).getByRole('row');
  assert.match(await wrong.nth(1).innerText(), /^3\s+Name\s/);
  await accessible(page);
  await page.getByRole('radio', { name: 'Take in those that are right' }).check();
  await page.getByRole('button', { name: 'Try the list out' }).click();
  await page.getByRole('button', { name: 'Register 2 people' }).click();
  await page.getByText('2 of 3 people were registered.').waitFor();
  await page.locator('[data-figure=confirmed]', { hasText: '5' }).waitFor();
}

// filmOf is a film of one picture, a QR code as a camera sees it: grey values, and no
// colour.
function filmOf(text) {
  const [width, height, size] = [640, 480, 8];
  const rows = encodeQR(text, 'raw', { border: 4 });
  const left = Math.floor((width - rows.length * size) / 2);
  const top = Math.floor((height - rows.length * size) / 2);
  const grey = Buffer.alloc(width * height, 200);
  rows.forEach((row, y) =>
    row.forEach((dark, x) => {
      for (let line = 0; line < size; line++) grey.fill(dark ? 20 : 235, (top + y * size + line) * width + left + x * size, (top + y * size + line) * width + left + (x + 1) * size);
    }),
  );
  const frame = Buffer.concat([Buffer.from('FRAME\n'), grey, Buffer.alloc((width * height) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]);
}
