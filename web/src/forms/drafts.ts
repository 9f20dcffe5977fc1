// What somebody has written into a form and not sent. It outlives the end of the
// session, so that nobody loses a text because they were called away, and comes
// back when the same person signs in again.
//
// It is kept in this window's own storage: it goes when the window does, as the
// session's cookie goes with the browser, and no other window overwrites it. Who
// signs out takes it along, and nobody else is ever shown it.
const prefix = 'teixit.draft.';

// The values of the fields, by their names.
export type Values = Record<string, string[]>;

function place(person: string, form: string): string {
  return `${prefix}${person}.${form}`;
}

export function readDraft(person: string, form: string): Values | null {
  const text = window.sessionStorage.getItem(place(person, form));
  if (text === null) return null;
  try {
    return JSON.parse(text) as Values;
  } catch {
    return null; // not of our making
  }
}

// keepDraft does nothing where the window may keep nothing, or nothing more.
export function keepDraft(person: string, form: string, values: Values): void {
  try {
    window.sessionStorage.setItem(place(person, form), JSON.stringify(values));
  } catch {
    // The form works without.
  }
}

export function dropDraft(person: string, form: string): void {
  window.sessionStorage.removeItem(place(person, form));
}

// forgetDrafts drops all drafts, but those of the person if one is given.
export function forgetDrafts(but?: string): void {
  const { sessionStorage } = window;
  const kept = but === undefined ? null : `${prefix}${but}.`;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(prefix) && (kept === null || !key.startsWith(kept))) sessionStorage.removeItem(key);
  }
}

// What a draft is made of and put back into.
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function controls(form: HTMLFormElement): Control[] {
  const all = [...form.elements].filter(
    (one): one is Control => one instanceof HTMLInputElement || one instanceof HTMLSelectElement || one instanceof HTMLTextAreaElement,
  );
  return all.filter(({ name, type, autocomplete }) => name !== '' && type !== 'password' && autocomplete !== 'one-time-code');
}

function isTicked(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio');
}

// valuesOf reads a form; secrets are left out.
export function valuesOf(form: HTMLFormElement): Values {
  const values: Values = {};
  for (const control of controls(form)) {
    const list = (values[control.name] ??= []);
    if (!isTicked(control)) list.push(control.value);
    else if (control.checked) list.push(control.value);
  }
  return values;
}

// fill puts values back and tells whether that changed anything.
export function fill(form: HTMLFormElement, values: Values): boolean {
  let changed = false;
  for (const control of controls(form)) {
    const list = values[control.name];
    if (list === undefined) continue;
    if (isTicked(control)) {
      const ticked = list.includes(control.value);
      changed ||= control.checked !== ticked;
      control.checked = ticked;
    } else if (list[0] !== undefined && list[0] !== control.value) {
      const before = control.value;
      control.value = list[0];
      if (control.value !== list[0]) control.value = before; // an option that is there no more
      else changed = true;
    }
  }
  return changed;
}
