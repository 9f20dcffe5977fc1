import { useEffect, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useClient } from 'urql';

import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { readFragment, type FragmentOf } from '../api/graphql';
import { addressOf, thingFragment } from '../format/thing';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';
import { Drawing } from './Drawing';
import { grow, ids, shut, type Branch } from './layout';
import { actorsQuery, isTerritory, neighboursOf, neighboursQuery, type Neighbour, type Thing } from './neighbours';

// The network around a node: what it is joined to and by what, and further from
// there, as a drawing and as a table.
export function Component() {
  const { id = '' } = useParams();
  return <Network key={id} id={id} />;
}

type Found = { thing: Thing; neighbours: Neighbour[] } | null;

// useNeighbours asks for the neighbours of any node; null when there is none.
function useNeighbours(): (id: string) => Promise<Found> {
  const client = useClient();
  return async (id) => {
    const { data, error } = await client.query(neighboursQuery, { id }).toPromise();
    if (data === undefined) throw error ?? new Error('no answer');
    if (data.node === null) return null;
    const thing = readFragment(thingFragment, data.node as FragmentOf<typeof thingFragment>);
    const actors = isTerritory(thing) ? await client.query(actorsQuery, { id }).toPromise() : null;
    return { thing, neighbours: neighboursOf(data.node, actors?.data?.organizations.nodes ?? []) };
  };
}

function Network({ id }: { id: string }) {
  const { t } = useTexts();
  const ask = useNeighbours();
  const [root, setRoot] = useState<Branch | null | 'failed' | undefined>(undefined);
  const [said, say] = useState('');
  const [round, setRound] = useState(0);
  useEffect(() => {
    let wanted = true;
    ask(id).then(
      (found) => wanted && setRoot(found === null ? null : grow({ thing: found.thing, relation: null, branches: null }, id, found.neighbours)),
      () => wanted && setRoot('failed'),
    );
    return () => void (wanted = false);
  }, [id, round]);
  const toggle = async (thing: Thing, open: boolean) => {
    if (root === null || root === undefined || root === 'failed') return;
    if (open) return setRoot(shut(root, thing.id));
    const found = await ask(thing.id).catch(() => null);
    if (found === null) return say(t('failed'));
    const next = grow(root, thing.id, found.neighbours);
    say(t('network.opened', { title: titleOf(thing), number: ids(next).length - ids(root).length }));
    setRoot(next);
  };
  const shown = root !== null && root !== undefined && root !== 'failed' ? root : null;
  return (
    <Page title={shown === null ? t('network.title') : t('network.of', { title: titleOf(shown.thing) })} kicker={shown && <Back thing={shown.thing} />}>
      {root === undefined && <Loading />}
      {root === null && <p>{t('notFound.text')}</p>}
      {root === 'failed' && (
        <div role="alert" className="message message-wrong">
          <p>{t('failed')}</p>
          <button type="button" onClick={() => setRound(round + 1)}>
            {t('retry')}
          </button>
        </div>
      )}
      <p role="status" className="unseen">
        {said}
      </p>
      {shown !== null && (
        <div className="network-both">
          <Drawing root={shown} onToggle={({ thing, open, depth }) => depth > 0 && void toggle(thing, open)} />
          <Twin root={shown} onToggle={(branch) => void toggle(branch.thing, branch.branches !== null)} />
        </div>
      )}
    </Page>
  );
}

function Back({ thing }: { thing: Thing }) {
  const { t } = useTexts();
  const address = addressOf(thing);
  return address === null ? <>{t(`thing.${thing.__typename as 'Event'}`)}</> : <Link to={address}>{t('network.back')}</Link>;
}

function titleOf(thing: Thing): string {
  return 'title' in thing ? thing.title : '';
}

interface TwinProps {
  root: Branch;
  onToggle: (branch: Branch) => void;
}

// Twin is the network as a table: what is behind a node stands under it, set in.
function Twin({ root, onToggle }: TwinProps) {
  const { t } = useTexts();
  const rows = flat(root.branches ?? [], 1);
  return (
    <section aria-labelledby="network-twin">
      <h2 id="network-twin">{t('network.twin')}</h2>
      {rows.length === 0 ? (
        <p className="soft">{t('network.none')}</p>
      ) : (
        <Table label={t('network.twin')} columns={[t('network.who'), t('network.how'), t('network.further')]}>
          {rows.map(({ branch, depth }) => (
            <Row key={branch.thing.id} branch={branch} depth={depth} onToggle={onToggle} />
          ))}
        </Table>
      )}
      <p className="small soft">{t('network.limits')}</p>
    </section>
  );
}

function flat(branches: readonly Branch[], depth: number): { branch: Branch; depth: number }[] {
  return branches.flatMap((branch) => [{ branch, depth }, ...flat(branch.branches ?? [], depth + 1)]);
}

function Row({ branch, depth, onToggle }: { branch: Branch; depth: number; onToggle: (branch: Branch) => void }) {
  const { t } = useTexts();
  const { thing, relation, branches } = branch;
  const title = titleOf(thing);
  const address = addressOf(thing);
  return (
    <tr>
      <th scope="row" className={`deep-${Math.min(depth, 4)}`}>
        {depth > 1 && <span className="unseen">{t('network.level', { depth })} </span>}
        {address === null ? title : <Link to={address}>{title}</Link>}
        <br />
        <span className="small soft">{t(`thing.${thing.__typename as 'Event'}`)}</span>
      </th>
      <td>{relation !== null && t(`relation.${relation}`)}</td>
      <td>
        <button
          type="button"
          aria-expanded={branches !== null}
          aria-label={t(branches === null ? 'network.openOf' : 'network.shutOf', { title })}
          onClick={() => onToggle(branch)}
        >
          {t(branches === null ? 'network.open' : 'network.shut')}
        </button>
      </td>
    </tr>
  );
}
