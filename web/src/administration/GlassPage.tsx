import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Done } from '../forms/Done';
import { useTexts } from '../i18n';
import { BreakGlass } from './BreakGlass';
import { BrokenGlass, glassFragment } from './BrokenGlass';
import { Room } from './Room';

const glassQuery = graphql(
  `
    query MyBrokenGlass {
      viewer {
        brokenGlass(first: 50) {
          ...BrokenGlass
        }
      }
    }
  `,
  [glassFragment],
);

export function Component() {
  const { t } = useTexts();
  return (
    <Room title={t('administration.glass')}>
      <Glass />
    </Room>
  );
}

function Glass() {
  const { t } = useTexts();
  const [times, setTimes] = useState(0);
  const [{ data, error }, ask] = useQuery({ query: glassQuery, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  return (
    <>
      <p className="lead">{t('administration.glassIntro')}</p>
      {times > 0 && (
        <Done focus key={times}>
          {t('administration.broken')}
        </Done>
      )}
      <BreakGlass
        key={`form ${times}`}
        onBroken={() => {
          setTimes((n) => n + 1);
          again();
        }}
      />
      {error !== undefined && <Failed error={error} retry={again} />}
      {data === undefined && error === undefined && <Loading />}
      {data?.viewer != null && <BrokenGlass glasses={data.viewer.brokenGlass} />}
    </>
  );
}
