import { isEnumType } from 'graphql';
import { describe, expect, test } from 'vitest';

import { ca } from '../../src/i18n/ca';
import { en } from '../../src/i18n/en';
import { es } from '../../src/i18n/es';
import { schema } from './schema';

// texts lists every text by its path.
function texts(branch: object, path = ''): [string, unknown][] {
  return Object.entries(branch).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? texts(value, `${path}${key}.`) : [[path + key, value] as [string, unknown]],
  );
}

// faults says what a language lacks against the first one.
function faults(language: object): string[] {
  const there = new Map(texts(language));
  const missing = texts(ca).flatMap(([path, original]) => {
    const text = there.get(path);
    if (typeof text !== 'string' || text.trim() === '') return [`${path} is missing`];
    return holes(text).join() === holes(String(original)).join() ? [] : [`${path} has other placeholders`];
  });
  const known = new Set(texts(ca).map(([path]) => path));
  return [...missing, ...[...there.keys()].filter((path) => !known.has(path)).map((path) => `${path} is unknown`)];
}

function holes(text: string): string[] {
  return [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name ?? '').sort();
}

describe('texts', () => {
  test.each([
    ['ca', ca],
    ['es', es],
    ['en', en],
  ])('%s is complete', (_, language) => {
    expect(faults(language)).toEqual([]);
  });

  test('a missing, blank, unknown or differently filled text is found', () => {
    const { retry: _, ...rest } = en;
    expect(faults(rest)).toEqual(['retry is missing']);
    expect(faults({ ...en, retry: ' ' })).toEqual(['retry is missing']);
    expect(faults({ ...en, extra: 'x' })).toEqual(['extra is unknown']);
    expect(faults({ ...en, live: { ...en.live, state: 'State {{count}}' } })).toEqual(['live.state has other placeholders']);
  });

  test.each([
    ['EventKind', ca.eventKind],
    ['EventChangeKind', ca.eventChange],
    ['EventState', ca.eventState],
    ['RegistrationState', ca.registrationState],
    ['PlacesPolicy', ca.placesPolicy],
    ['DelegateRole', ca.delegateRole],
    ['OrganizationKind', ca.organizationKind],
    ['Sector', ca.sector],
    ['IdentifierScheme', ca.identifierScheme],
    ['ProjectState', ca.projectState],
    ['WorkingTableKind', ca.tableKind],
    ['WorkingTableState', ca.tableState],
    ['TableSessionState', ca.sessionState],
    ['QuorumShare', ca.quorumShare],
    ['TableMajority', ca.majority],
    ['AgendaOutcome', ca.agendaOutcome],
    ['TableResolutionKind', ca.resolutionKind],
    ['TableResolutionState', ca.resolutionState],
    ['PartnerSide', ca.partnerSide],
    ['InboxSort', ca.inboxSort],
    ['Availability', ca.availability],
    ['WorkshopState', ca.workshopState],
    ['CheckInOutcome', ca.door.outcome],
    ['ActingRole', ca.actingRole],
    ['ClaimState', ca.claimState],
    ['ClaimDecision', ca.claimDecision],
    ['ApiTokenScope', ca.tokenScope],
    ['JobState', ca.jobState],
    ['DelegateAnswer', ca.delegateAnswer],
    ['DelegateState', ca.delegateState],
    ['DelegateVisibility', ca.delegateVisibility],
    ['TableCallAnswer', ca.callAnswer],
    ['TableDateAnswer', ca.dateAnswer],
  ])('every value of %s has a label, and no other', (name, labels) => {
    const type = schema.getType(name);
    const values = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
    expect(Object.keys(labels).sort()).toEqual(values.sort());
  });
});
