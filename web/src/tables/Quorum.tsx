import { graphql } from '../api/graphql';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { sessionFragment, type SessionShown } from './session';

const attendMutation = graphql(
  `
    mutation TableSessionAttend($input: TableSessionAttendInput!) {
      tableSessionAttend(input: $input) {
        session {
          id
          ...SessionShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [sessionFragment],
);

interface Props {
  session: SessionShown;
  organises: boolean;
}

// Quorum is who is there, and whether they are enough to decide.
export function Quorum({ session, organises }: Props) {
  const { t } = useTexts();
  const { run, wrong } = useAction(attendMutation);
  const { quorum, attendance, state } = session;
  const notes = organises && (state === 'IN_SESSION' || state === 'CALLED');
  return (
    <section className="standing" aria-labelledby="quorum">
      <h2 id="quorum">{t('tables.quorum')}</h2>
      <p role="status">
        <span className="place">{quorum.present}</span> {t('tables.present', { members: quorum.members, needed: quorum.needed })}{' '}
        <span className={quorum.reached ? 'badge badge-good' : 'badge badge-thread'}>{t(quorum.reached ? 'tables.reached' : 'tables.notReached')}</span>
      </p>
      <WrongList wrong={wrong} />
      <ul className="plain-list attendance">
        {attendance.map(({ organization, present, answer, counts }) =>
          organization === null ? null : (
            <li key={organization.id ?? organization.name}>
              <span>
                {organization.name}
                {!counts && <span className="small soft"> ({t('tables.observer')})</span>}
                <br />
                <span className="small soft">{answer === null ? t('tables.noAnswer') : t(`callAnswer.${answer}`)}</span>
              </span>
              {notes && organization.id !== undefined ? (
                <button
                  type="button"
                  aria-pressed={present}
                  aria-label={t('tables.isThere', { name: organization.name })}
                  onClick={() => void run({ id: session.id, organization: organization.id ?? '', present: !present, cameAs: present ? null : 'DELEGATE' })}
                >
                  {t('tables.there')}
                </button>
              ) : (
                present && <span className="badge badge-good">{t('tables.there')}</span>
              )}
            </li>
          ),
        )}
      </ul>
    </section>
  );
}
