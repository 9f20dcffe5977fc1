import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql, readFragment, type FragmentOf, type VariablesOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Pager, usePages } from '../forms/Pager';
import { Radios } from '../forms/Radios';
import { Table } from '../forms/Table';
import { formatNumber, formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { Room } from './Room';

const jobFragment = graphql(`
  fragment JobRow on Job {
    id
    kind
    state
    attempts
    maxAttempts
    createdAt
    scheduledAt
    attemptedAt
    lastError
  }
`);

const jobsQuery = graphql(
  `
    query Jobs($after: String, $filter: JobFilter) {
      jobs(first: 20, after: $after, filter: $filter) {
        totalCount
        nodes {
          ...JobRow
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [jobFragment],
);

type State = NonNullable<NonNullable<NonNullable<VariablesOf<typeof jobsQuery>['filter']>['states']>[number]>;

type Choice = 'failed' | 'waiting' | 'all';

const choices: Record<Choice, State[] | null> = {
  failed: ['RETRYABLE', 'CANCELLED', 'DISCARDED'],
  waiting: ['SCHEDULED', 'AVAILABLE', 'RUNNING'],
  all: null,
};

export function Component() {
  const { t } = useTexts();
  return (
    <Room title={t('administration.jobs')}>
      <Jobs />
    </Room>
  );
}

// Jobs is the work in the background: first of all what did not work.
function Jobs() {
  const { t, language } = useTexts();
  const [choice, setChoice] = useState<Choice>('failed');
  const pages = usePages();
  const [{ data, error, fetching }, ask] = useQuery({
    query: jobsQuery,
    variables: { after: pages.after, filter: { states: choices[choice] } },
    requestPolicy: 'cache-and-network',
  });
  const again = () => ask({ requestPolicy: 'network-only' });
  const jobs = data?.jobs;
  return (
    <>
      <p className="lead">{t('administration.jobsIntro')}</p>
      <Radios
        legend={t('administration.which')}
        name="which"
        value={choice}
        options={(['failed', 'waiting', 'all'] as const).map((value) => ({ value, label: t(`administration.choice.${value}`) }))}
        onChange={(chosen) => {
          setChoice(chosen);
          pages.begin();
        }}
      />
      {error !== undefined && <Failed error={error} retry={again} />}
      {jobs === undefined && fetching && <Loading />}
      {jobs !== undefined && (
        <>
          <p role="status">{t('administration.total', { total: formatNumber(jobs.totalCount ?? 0, language) })}</p>
          {jobs.nodes.length > 0 && <JobTable jobs={jobs.nodes} />}
        </>
      )}
      <Pager pages={pages} info={jobs?.pageInfo} />
      <div className="actions">
        <button type="button" aria-disabled={fetching} onClick={again}>
          {t('administration.lookAgain')}
        </button>
      </div>
    </>
  );
}

function JobTable({ jobs: given }: { jobs: readonly FragmentOf<typeof jobFragment>[] }) {
  const { t, language } = useTexts();
  const jobs = readFragment(jobFragment, given);
  return (
    <Table
      label={t('administration.jobs')}
      columns={[
        t('administration.kind'),
        t('administration.state'),
        t('administration.attempts'),
        t('administration.asked'),
        t('administration.tried'),
        t('administration.error'),
      ]}
    >
      {jobs.map((job) => (
        <tr key={job.id}>
          <th scope="row">
            <code>{job.kind}</code>
          </th>
          <td>{t(`jobState.${job.state}`)}</td>
          <td>
            {job.attempts} / {job.maxAttempts}
          </td>
          <td>{formatShort(job.createdAt, language)}</td>
          <td>{job.attemptedAt === null ? t('access.never') : formatShort(job.attemptedAt, language)}</td>
          <td>{job.lastError !== null && <code>{job.lastError}</code>}</td>
        </tr>
      ))}
    </Table>
  );
}
