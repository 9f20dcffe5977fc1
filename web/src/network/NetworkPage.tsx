import { useEffect, useRef, useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { useClient } from 'urql';

import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { readFragment } from '../api/graphql';
import { addressOf, thingFragment } from '../format/thing';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';
import { Drawing } from './Drawing';
import { grow, ids, opened, seed, shut, type Branch } from './layout';
import { middleQuery, neighboursOf, neighboursQuery, type More, type Neighbours, type Thing } from './neighbours';

// The network around a node: what it is joined to and by what, and further from
// there, as a drawing and as a table. What is open stands in the address, so that a
// view can be sent to somebody, and the browser's way back leads back.
export function Component() {
  const { id = '' } = useParams();
  return <Network key={id} id={id} />;
}

// How many nodes an address may open; each is a question.
const most = 12;

interface Asking {
  middle: (id: string) => Promise<Thing | null>;
  neighbours: (id: string, more?: More) => Promise<Neighbours>;
}

function useAsking(): Asking {
  const client = useClient();
  return {
    middle: async (id) => {
      const { data, error } = await client.query(middleQuery, { id }).toPromise();
      if (data === undefined) throw error ?? new Error('no answer');
      const thing = readFragment(thingFragment, data.node);
      return thing === null || !('title' in thing) ? null : thing;
    },
    neighbours: async (id, more) => {
      const variables = { id, relations: more === undefined ? null : [more.relation], after: more?.cursor ?? null };
      const { data, error } = await client.query(neighboursQuery, variables).toPromise();
      if (data === undefined) throw error ?? new Error('no answer');
      return neighboursOf(data.neighbours ?? []);
    },
  };
}

type Shown = Branch | null | 'failed' | undefined;

function Network({ id }: { id: string }) {
  const { t } = useTexts();
  const ask = useAsking();
  const [params, setParams] = useSearchParams();
  const wanted = params.getAll('open').slice(0, most);
  const [root, setRoot] = useState<Shown>(undefined);
  const [said, say] = useState('');
  const [round, setRound] = useState(0);
  const shown = root !== null && root !== undefined && root !== 'failed' ? root : null;
  const latest = useRef<Branch | null>(null);
  latest.current = shown;

  // The drawing follows the address: what is to be open is opened, from the middle
  // outwards, and what is not is closed.
  useEffect(() => {
    let current = true;
    const follow = async () => {
      let next = latest.current;
      if (next === null) {
        const thing = await ask.middle(id);
        if (thing === null) return current && setRoot(null);
        next = grow(seed(thing), id, await ask.neighbours(id));
      }
      for (const open of opened(next)) if (!wanted.includes(open)) next = shut(next, open);
      for (const open of wanted) {
        if (opened(next).includes(open) || !ids(next).includes(open)) continue;
        const before = ids(next).length;
        next = grow(next, open, await ask.neighbours(open));
        if (latest.current !== null && current) say(t('network.opened', { title: named(next, open), number: ids(next).length - before }));
      }
      return current && setRoot(next);
    };
    follow().catch(() => {
      if (!current) return;
      if (latest.current === null) setRoot('failed');
      else say(t('failed'));
    });
    return () => void (current = false);
  }, [id, round, wanted.join(' ')]);

  const toggle = ({ thing, branches }: Branch) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        const others = before.getAll('open').filter((one) => one !== thing.id);
        next.delete('open');
        for (const one of branches === null ? [...others, thing.id].slice(-most) : others) next.append('open', one);
        return next;
      },
      { preventScrollReset: true },
    );
  const on = async (branch: Branch, more: More) => {
    const found = await ask.neighbours(branch.thing.id, more).catch(() => null);
    const now = latest.current;
    if (found === null || now === null) return say(t('failed'));
    const rest = branch.more.filter(({ relation }) => relation !== more.relation);
    const next = grow(now, branch.thing.id, { list: found.list, more: [...rest, ...found.more] });
    say(t('network.opened', { title: branch.thing.title, number: ids(next).length - ids(now).length }));
    setRoot(next);
  };
  return (
    <Page title={shown === null ? t('network.title') : t('network.of', { title: shown.thing.title })} kicker={shown && <Back thing={shown.thing} />}>
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
          <Drawing root={shown} onToggle={toggle} />
          <Twin root={shown} onToggle={toggle} onMore={(branch, more) => void on(branch, more)} />
        </div>
      )}
    </Page>
  );
}

function named(root: Branch, id: string): string {
  return root.thing.id === id ? root.thing.title : ((root.branches ?? []).map((branch) => named(branch, id)).find((title) => title !== '') ?? '');
}

function Back({ thing }: { thing: Thing }) {
  const { t } = useTexts();
  const address = addressOf(thing);
  return address === null || address.startsWith('/network') ? <>{t(`thing.${thing.__typename as 'Event'}`)}</> : <Link to={address}>{t('network.back')}</Link>;
}

interface TwinProps {
  root: Branch;
  onToggle: (branch: Branch) => void;
  onMore: (branch: Branch, more: More) => void;
}

// Twin is the network as a table: what is behind a node stands under it, set in.
function Twin({ root, onToggle, onMore }: TwinProps) {
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
      <MoreOf root={root} onMore={onMore} />
      <p className="small soft">{t('network.limits')}</p>
    </section>
  );
}

// MoreOf says where there is more than is drawn, and shows the next of it.
function MoreOf({ root, onMore }: { root: Branch; onMore: TwinProps['onMore'] }) {
  const { t } = useTexts();
  const all = open(root).flatMap((branch) => branch.more.map((more) => ({ branch, more })));
  if (all.length === 0) return null;
  return (
    <ul className="plain-list actions actions-above">
      {all.map(({ branch, more }) => (
        <li key={`${branch.thing.id} ${more.relation}`}>
          <button type="button" onClick={() => onMore(branch, more)}>
            {t('network.more', { title: branch.thing.title, relation: t(`relation.${more.relation}`) })}
          </button>
        </li>
      ))}
    </ul>
  );
}

function open(branch: Branch): Branch[] {
  return branch.branches === null ? [] : [branch, ...branch.branches.flatMap(open)];
}

function flat(branches: readonly Branch[], depth: number): { branch: Branch; depth: number }[] {
  return branches.flatMap((branch) => [{ branch, depth }, ...flat(branch.branches ?? [], depth + 1)]);
}

function Row({ branch, depth, onToggle }: { branch: Branch; depth: number; onToggle: (branch: Branch) => void }) {
  const { t } = useTexts();
  const { thing, relation, branches } = branch;
  const { title } = thing;
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
