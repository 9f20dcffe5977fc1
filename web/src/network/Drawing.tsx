import { useRef, useState, type KeyboardEvent } from 'react';
import { Link } from 'react-router';

import { addressOf } from '../format/thing';
import { useTexts } from '../i18n';
import { beside, fit, labels, layout, type Branch, type Spot } from './layout';
import { useWidth } from './useWidth';

interface Props {
  root: Branch;
  onToggle: (branch: Branch) => void;
}

// Drawing is the network as a picture that can be walked in: it is one stop of the
// keyboard, the arrow keys go inwards, outwards and around, Enter opens what is
// behind a node. Below it stands where one is, with the way to its page.
export function Drawing({ root, onToggle }: Props) {
  const { t } = useTexts();
  const spots = layout(root);
  const box = useRef<HTMLDivElement>(null);
  const { far, size, least, letters } = fit(spots, useWidth(box));
  const short = labels(
    spots.map(({ branch }) => branch.thing.title),
    letters,
  );
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
      <div ref={box} className="network-sheet">
        <svg
          ref={svg}
          viewBox={`${-far} ${-far} ${2 * far} ${2 * far}`}
          fontSize={size}
          style={{ minWidth: least }}
          role="group"
          aria-label={`${t('network.drawing', { number: spots.length })} ${t('network.keys')}`}
          onKeyDown={go}
        >
          {spots.map(({ branch, from, x, y }) => from !== null && <line key={branch.thing.id} x1={from.x} y1={from.y} x2={x} y2={y} />)}
          {spots.map((spot) => (
            <Node key={spot.branch.thing.id} spot={spot} short={short.get(spot.branch.thing.title) ?? ''} size={size} stop={spot === at} onAt={choose} onToggle={onToggle} />
          ))}
        </svg>
      </div>
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
  // As much of its name as there is room for; the table has all of it.
  short: string;
  size: number;
  stop: boolean;
  onAt: (id: string) => void;
  onToggle: (branch: Branch) => void;
}

function Node({ spot, short, size, stop, onAt, onToggle }: NodeProps) {
  const { t } = useTexts();
  const { branch, x, y, angle, depth } = spot;
  const { thing, relation, branches } = branch;
  const { title } = thing;
  const left = Math.cos(angle) < -0.05;
  const words = [title, t(`thing.${thing.__typename as 'Event'}`), relation === null ? null : t(`relation.${relation}`)];
  const middle = depth === 0;
  const r = Math.round((middle ? 22 : 12) * Math.min(1.8, size / 17)); // to be hit with a finger
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
      <circle r={r} />
      <text
        x={middle ? 0 : left ? -r - 6 : r + 6}
        y={middle ? r + 1.3 * size : 0.3 * size}
        textAnchor={middle ? 'middle' : left ? 'end' : 'start'}
        transform={middle ? undefined : `rotate(${turn(angle, left)})`}
      >
        {short}
      </text>
    </g>
  );
}

// Names lie along their spoke, and never upside down.
function turn(angle: number, left: boolean): number {
  const degrees = (angle * 180) / Math.PI;
  return Math.round(left ? degrees - 180 : degrees);
}
