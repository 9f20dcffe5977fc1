import { useRef, useState, type KeyboardEvent } from 'react';
import { Link } from 'react-router';

import { addressOf } from '../format/thing';
import { useTexts } from '../i18n';
import { beside, layout, reach, type Branch, type Spot } from './layout';

interface Props {
  root: Branch;
  onToggle: (branch: Branch) => void;
}

// How much of a name is drawn; the table has all of it.
const letters = 26;

// Drawing is the network as a picture that can be walked in: it is one stop of the
// keyboard, the arrow keys go inwards, outwards and around, Enter opens what is
// behind a node. Below it stands where one is, with the way to its page.
export function Drawing({ root, onToggle }: Props) {
  const { t } = useTexts();
  const spots = layout(root);
  const far = reach(spots);
  const svg = useRef<SVGSVGElement>(null);
  const [chosen, choose] = useState<string>(root.thing.id);
  const at = spots.find(({ branch }) => branch.thing.id === chosen) ?? spots[0];
  const go = (event: KeyboardEvent) => {
    const next = at === undefined ? null : beside(at, event.key, spots);
    if (next === null) return;
    event.preventDefault();
    svg.current?.querySelector<SVGGElement>(`[data-node="${next.branch.thing.id}"]`)?.focus();
  };
  return (
    <figure className="network">
      <svg
        ref={svg}
        viewBox={`${-far} ${-far} ${2 * far} ${2 * far}`}
        role="group"
        aria-label={`${t('network.drawing', { number: spots.length })} ${t('network.keys')}`}
        onKeyDown={go}
      >
        {spots.map(({ branch, from, x, y }) => from !== null && <line key={branch.thing.id} x1={from.x} y1={from.y} x2={x} y2={y} />)}
        {spots.map((spot) => (
          <Node key={spot.branch.thing.id} spot={spot} stop={spot === at} onAt={choose} onToggle={onToggle} />
        ))}
      </svg>
      {at !== undefined && <Told branch={at.branch} />}
      <figcaption className="small soft">{t('network.hint')}</figcaption>
    </figure>
  );
}

// Told is where one is on the drawing, and how to leave it for a page.
function Told({ branch: { thing, relation } }: { branch: Branch }) {
  const { t } = useTexts();
  const address = addressOf(thing);
  return (
    <p className="network-told">
      <strong>{thing.title}</strong> · {t(`thing.${thing.__typename as 'Event'}`)}
      {relation !== null && ` · ${t(`relation.${relation}`)}`}
      <br />
      {address !== null && !address.startsWith('/network') && (
        <>
          <Link to={address}>{t('network.toPage', { title: thing.title })}</Link>{' '}
        </>
      )}
      {relation !== null && <Link to={`/network/${thing.id}`}>{t('network.centre', { title: thing.title })}</Link>}
    </p>
  );
}

interface NodeProps {
  spot: Spot;
  stop: boolean;
  onAt: (id: string) => void;
  onToggle: (branch: Branch) => void;
}

function Node({ spot, stop, onAt, onToggle }: NodeProps) {
  const { t } = useTexts();
  const { branch, x, y, angle, depth } = spot;
  const { thing, relation, branches } = branch;
  const { title } = thing;
  const short = shortened(title);
  const left = Math.cos(angle) < -0.05;
  const words = [title, t(`thing.${thing.__typename as 'Event'}`), relation === null ? null : t(`relation.${relation}`)];
  const middle = depth === 0;
  const press = () => {
    onAt(thing.id);
    if (!middle) onToggle(branch);
  };
  return (
    <g
      className={`node node-${thing.__typename} ${branches !== null ? 'node-open' : ''}`}
      transform={`translate(${x} ${y})`}
      data-node={thing.id}
      role="button"
      tabIndex={stop ? 0 : -1}
      aria-label={words.filter((part) => part !== null).join(', ')}
      aria-expanded={middle ? undefined : branches !== null}
      onFocus={() => onAt(thing.id)}
      onClick={press}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        press();
      }}
    >
      <circle r={middle ? 22 : 12} />
      <text
        x={middle ? 0 : left ? -18 : 18}
        y={middle ? 44 : 5}
        textAnchor={middle ? 'middle' : left ? 'end' : 'start'}
        transform={middle ? undefined : `rotate(${turn(angle, left)})`}
      >
        {short}
      </text>
    </g>
  );
}

// A name is cut between words: who speaks to the page says what they read.
function shortened(title: string): string {
  if (title.length <= letters) return title;
  const cut = title.slice(0, letters).lastIndexOf(' ');
  return cut <= 0 ? title : `${title.slice(0, cut)} …`;
}

// Names lie along their spoke, and never upside down.
function turn(angle: number, left: boolean): number {
  const degrees = (angle * 180) / Math.PI;
  return Math.round(left ? degrees - 180 : degrees);
}
