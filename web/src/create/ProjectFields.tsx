import { about, type Wrong } from '../forms/errors';
import { SelectField } from '../forms/Field';
import type { Values } from '../forms/Form';
import { useTexts } from '../i18n';

const usual = ['PUBLIC', 'NETWORK', 'MEMBERS'] as const;
const all = [...usual, 'HOME', 'ORGANISERS'] as const;

// Sight is who may see a project.
export type Sight = (typeof all)[number];

// SightField asks who may see a project. What it is preset to can be kept, also
// where it is none of the usual.
export function SightField({ preset, wrong }: { preset: Sight; wrong: readonly Wrong[] }) {
  const { t } = useTexts();
  const offered: readonly Sight[] = all.filter((one) => one === preset || usual.some((other) => other === one));
  return (
    <SelectField label={t('projects.whoSees')} name="visibility" defaultValue={preset} wrong={about('visibility', wrong)}>
      {offered.map((one) => (
        <option key={one} value={one}>
          {t(`projects.sight.${one}`)}
        </option>
      ))}
    </SelectField>
  );
}

export function sightOf(values: Values): Sight {
  return all.find((one) => one === values.text('visibility')) ?? 'MEMBERS';
}

// SideField asks on which side the lead of a project stands.
export function SideField({ wrong }: { wrong: readonly Wrong[] }) {
  const { t } = useTexts();
  return (
    <SelectField label={t('projects.side')} name="side" defaultValue="PUBLIC" wrong={about('side', wrong)}>
      <option value="PUBLIC">{t('partnerSide.PUBLIC')}</option>
      <option value="SOCIAL">{t('partnerSide.SOCIAL')}</option>
    </SelectField>
  );
}

export function sideOf(values: Values): 'PUBLIC' | 'SOCIAL' {
  return values.text('side') === 'SOCIAL' ? 'SOCIAL' : 'PUBLIC';
}
