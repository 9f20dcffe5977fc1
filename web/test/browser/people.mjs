// The people of the demonstration, their mails, and signing in as they do.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { hub, settled } from './browser.mjs';

// token finds the token of an invented person among those the hub printed when
// it started, by what they are, such as /representative of/.
export async function token(who) {
  const log = await readFile(process.env.TEIXIT_LOG, 'utf8');
  const people = [...log.matchAll(/^ {2}(\S.*)\n {4}(demo\.\S+)$/gm)].map(([, description, value]) => ({ description, value }));
  const found = people.find(({ description }) => who.test(description));
  assert.ok(found, `nobody like ${who} among ${people.map(({ description }) => description).join('; ')}`);
  return found.value;
}

// ask puts a question to the hub as a program does.
export async function ask(query, variables = {}, bearer = undefined) {
  const headers = { 'content-type': 'application/json' };
  if (bearer !== undefined) headers.authorization = `Bearer ${bearer}`;
  const response = await fetch(`${hub}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return response.json();
}

// act makes a change by the API and gives what it answers.
export async function act(bearer, name, result, input) {
  const Type = name[0].toUpperCase() + name.slice(1);
  const { data, errors } = await ask(
    `mutation ($input: ${Type}Input!) { ${name}(input: $input) { ${result} { id } errors { code message } } }`,
    { input },
    bearer,
  );
  assert.deepEqual([errors, data?.[name].errors], [undefined, []]);
  return data[name][result].id;
}

// organisationOf is the first one that somebody acts for.
export async function organisationOf(bearer) {
  const { data } = await ask('{ viewer { appointments { organization { id } } } }', {}, bearer);
  return data.viewer.appointments[0].organization.id;
}

// mailOf gives the mail address of an invented person.
export async function mailOf(who) {
  const { data, errors } = await ask('{ viewer { account { mail } } }', {}, await token(who));
  assert.equal(errors, undefined);
  return data.viewer.account.mail;
}

// letters are the mails to an address, the newest first.
export async function letters(to) {
  const response = await fetch(`${hub}/demo/mail.json?to=${encodeURIComponent(to)}`);
  const answer = await response.json();
  return Array.isArray(answer) ? answer : answer.mails;
}

// letter waits for a mail of the kind that was not there before: mails go through
// a queue. It gives up after 30 s.
export async function letter(to, template, before = []) {
  const known = new Set(before.map(({ id }) => id));
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const found = (await letters(to)).find((one) => one.template === template && !known.has(one.id));
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no ${template} came for ${to}`);
}

export function linkIn({ text }) {
  return new URL(text.match(/https?:\/\/\S+/)[0]);
}

export function codeIn({ text }) {
  return text.match(/\b\d{4} ?\d{4}\b/)[0];
}

// The administrator of the platform in the demonstration.
export const administrator = 'administracio@example.org';

// signIn goes through the sign-in page with a mailed code; the page is in English.
// It leads to my organisations, or back to where somebody was sent from.
export async function signIn(page, mail, home = hub) {
  await page.goto(`${home}/sign-in?lang=en`);
  await enter(page, mail);
  await page.getByRole('heading', { level: 1, name: 'My organisations' }).waitFor();
  await settled(page);
}

// session signs somebody in as the sign-in page does, but without the page: it is
// what a visit begins with.
export async function session(mail, home = hub) {
  const before = await letters(mail);
  await posted(`${home}/auth/code`, { mail });
  const code = codeIn(await letter(mail, 'sign_in_code', before));
  const { headers } = await posted(`${home}/auth/session`, { mail, code });
  const [name, value] = headers.get('set-cookie').split(';', 1)[0].split('=');
  return { cookies: [{ name, value, domain: new URL(hub).hostname, path: '/', httpOnly: true, secure: true, sameSite: 'Lax' }] };
}

async function posted(address, body) {
  const response = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.ok(response.ok, `${address} is answered with ${response.status}`);
  return response;
}

const sessions = new Map();

// signedIn is a session of somebody of the demonstration, one for all tests: the hub
// sends few codes an hour to one address. Who signs out has a session of their own.
export async function signedIn(who) {
  const mail = who instanceof RegExp ? await mailOf(who) : who;
  if (!sessions.has(mail)) sessions.set(mail, session(mail));
  return sessions.get(mail);
}

// enter does what the sign-in page asks for.
export async function enter(page, mail) {
  const before = await letters(mail);
  await page.getByLabel('Mail address').fill(mail);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  const code = codeIn(await letter(mail, 'sign_in_code', before));
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Come in' }).click();
}

// fromMenu goes where the menu of who is signed in leads.
export async function fromMenu(page, name) {
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByRole('link', { name, exact: true }).click();
}

// signOut is in the same menu.
export async function signOut(page) {
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}
