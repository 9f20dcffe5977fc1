import { useTexts } from '../i18n';
import { layout, reach, type Branch, type Spot } from './layout';

interface Props {
  root: Branch;
  onToggle: (spot: Spot) => void;
}

// How much of a name is drawn; the table has all of it.
const letters = 26;

// Drawing is the network for the eye and the pointer. The table beside it is the
// same for the keyboard and for who hears the page, so this is a picture there.
export function Drawing({ root, onToggle }: Props) {
  const { t } = useTexts();
  const spots = layout(root);
  const far = reach(spots);
  return (
    <figure className="network">
      <svg viewBox={`${-far} ${-far} ${2 * far} ${2 * far}`} role="img" aria-label={t('network.drawing', { number: spots.length })}>
        {spots.map(({ thing, from, x, y }) => from !== null && <line key={thing.id} x1={from.x} y1={from.y} x2={x} y2={y} />)}
        {spots.map((spot) => (
          <Node key={spot.thing.id} spot={spot} onToggle={onToggle} />
        ))}
      </svg>
      <figcaption className="small soft">{t('network.hint')}</figcaption>
    </figure>
  );
}

function Node({ spot, onToggle }: { spot: Spot; onToggle: (spot: Spot) => void }) {
  const { thing, x, y, angle, depth, open } = spot;
  const title = 'title' in thing ? thing.title : '';
  const short = title.length > letters ? `${title.slice(0, letters - 1)}…` : title;
  const left = Math.cos(angle) < -0.05;
  return (
    <g className={`node node-${thing.__typename} ${open ? 'node-open' : ''}`} transform={`translate(${x} ${y})`} onClick={() => onToggle(spot)}>
      <title>{title}</title>
      <circle r={depth === 0 ? 22 : 12} />
      <text
        x={depth === 0 ? 0 : left ? -18 : 18}
        y={depth === 0 ? 44 : 5}
        textAnchor={depth === 0 ? 'middle' : left ? 'end' : 'start'}
        transform={depth === 0 ? undefined : `rotate(${turn(angle, left)})`}
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
