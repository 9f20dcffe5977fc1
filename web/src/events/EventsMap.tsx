import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { useTexts } from '../i18n';
import { Happenings, useHappenings } from '../map/Happenings';
import { filterOf, type Filters } from './filters';

// The events that are to come, by where they are: the same filters as the list.
export default function EventsMap({ filters }: { filters: Filters }) {
  const { t } = useTexts();
  const { text, kinds, about } = filterOf(filters);
  const { counts, error, again } = useHappenings({ text, eventKinds: kinds, about: about === null ? null : [about] });
  if (error !== undefined) return <Failed error={error} retry={again} />;
  if (counts === undefined) return <Loading />;
  return <Happenings counts={counts} sort="events" label={t('events.mapLabel')} />;
}
