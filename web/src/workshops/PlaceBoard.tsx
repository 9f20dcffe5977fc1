import { useId } from 'react';
import { Link } from 'react-router';

import { graphql, readFragment } from '../api/graphql';
import { AskFirst } from '../forms/AskFirst';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { MakeProject } from './MakeProject';
import { noteFragment, voices, weigh, type Note, type Pen, type Place, type Priority, type Step } from './workshop';

const withdrawMutation = graphql(`
  mutation WorkshopEntryWithdraw($input: WorkshopEntryWithdrawInput!) {
    workshopEntryWithdraw(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Props {
  place: Place;
  // Null: nothing is added now.
  step: Step | null;
  pen: Pen | null;
  group: string | null;
  organises: boolean;
  chosen: readonly string[];
  onChoose: (priority: string) => void;
  onBeside: (priority: string) => void;
  again: () => void;
}

// PlaceBoard is what was noted for one neighbourhood.
export function PlaceBoard(props: Props) {
  const { t } = useTexts();
  const heading = useId();
  const { place, step } = props;
  const priorities = step === 'WEIGH' || step === null ? weigh(place.priorities) : place.priorities;
  return (
    <section className="workshop-place" aria-labelledby={heading}>
      <h2 id={heading}>{place.territory.title}</h2>
      <h3>{t('workshops.priorities')}</h3>
      {priorities.length === 0 && <p className="soft">{t('workshops.nothing')}</p>}
      <ol className="plain-list">
        {priorities.map((one) => (
          <Card key={one.id} {...props} priority={one} />
        ))}
      </ol>
      <Notes {...props} title={t('workshops.running')} notes={readFragment(noteFragment, place.runningProjects)} />
      <Notes {...props} title={t('workshops.capacities')} notes={readFragment(noteFragment, place.capacities)} />
    </section>
  );
}

function Card({ priority, ...props }: Props & { priority: Priority }) {
  const { t } = useTexts();
  const { step, chosen, onChoose, onBeside, organises, group } = props;
  const { id, text, authors, byOrganisers, projects } = priority;
  const merged = readFragment(noteFragment, priority.merged);
  const capacities = readFragment(noteFragment, priority.capacities);
  const who = [...authors.map(({ name }) => name), ...(byOrganisers ? [t('workshops.organisers')] : [])].join(', ');
  const mine = organises || (group !== null && authors.length === 1 && authors[0]?.id === group && !byOrganisers);
  return (
    <li className={`workshop-card ${chosen.includes(id) ? 'workshop-chosen' : ''}`}>
      {step === 'MERGE' ? (
        <label className="workshop-choose">
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => onChoose(id)} />
          <strong>{text}</strong>
        </label>
      ) : (
        <p>
          <strong>{text}</strong>
        </p>
      )}
      <p className="small soft">
        <span className="badge">{t('workshops.voices', { count: voices(priority) })}</span> {who}
      </p>
      {merged.length > 0 && (
        <ul className="small" aria-label={t('workshops.merged')}>
          {merged.map((one) => (
            <li key={one.id}>{one.text}</li>
          ))}
        </ul>
      )}
      {capacities.length > 0 && (
        <>
          <p className="small">{t('workshops.contribute')}</p>
          <ul className="small">
            {capacities.map((one) => (
              <li key={one.id}>
                {one.text} <span className="soft">{one.author?.name ?? t('workshops.organisers')}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {projects.map((project) => (
        <p key={project.id} className="workshop-project">
          {t('workshops.became')} <Link to={`/projects/${project.id}`}>{project.title}</Link>
        </p>
      ))}
      <div className="actions">
        {step === 'CAPACITY' && (
          <button type="button" aria-label={t('workshops.contributeTo', { text })} onClick={() => onBeside(id)}>
            {t('workshops.contributeHere')}
          </button>
        )}
        {organises && projects.length === 0 && <MakeProject priority={priority} again={props.again} />}
        {step !== null && mine && projects.length === 0 && merged.length === 0 && <Withdraw {...props} id={id} text={text} />}
      </div>
    </li>
  );
}

function Notes({ title, notes, ...props }: Props & { title: string; notes: readonly Note[] }) {
  const { t } = useTexts();
  const { step, organises, group } = props;
  if (notes.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="plain-list">
        {notes.map(({ id, text, author, project }) => (
          <li key={id} className="workshop-card">
            <p>{project === null ? text : <Link to={`/projects/${project.id}`}>{text}</Link>}</p>
            <p className="small soft">{author?.name ?? t('workshops.organisers')}</p>
            {step !== null && (organises || (group !== null && author?.id === group)) && <Withdraw {...props} id={id} text={text} />}
          </li>
        ))}
      </ul>
    </>
  );
}

// Withdraw takes back what was noted by mistake, once it was asked.
function Withdraw({ id, text, pen, again }: Pick<Props, 'pen' | 'again'> & { id: string; text: string }) {
  const { t } = useTexts();
  const acting = useAction(withdrawMutation);
  if (pen === null) return null;
  return (
    <AskFirst
      label={t('workshops.withdraw')}
      title={t('workshops.withdrawWhat', { text })}
      action={t('workshops.withdraw')}
      className="button-quiet"
      acting={acting}
      run={() => acting.run({ by: pen, id })}
      onDone={again}
    >
      <p>{t('workshops.withdrawSure')}</p>
    </AskFirst>
  );
}
