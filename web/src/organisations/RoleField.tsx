import { SelectField } from '../forms/Field';
import { useTexts } from '../i18n';
import type { Role } from './roles';

export function RoleField({ roles, wrong }: { roles: readonly Role[]; wrong: string | undefined }) {
  const { t } = useTexts();
  return (
    <SelectField label={t('organisations.role')} name="role" defaultValue={roles[0]} wrong={wrong}>
      {roles.map((role) => (
        <option key={role} value={role}>
          {t(`actingRole.${role}`)}
        </option>
      ))}
    </SelectField>
  );
}
