import { memo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { useNavigate } from 'react-router';

import { useTexts } from '../i18n';
import { tint } from './counts';
import { towards, useShapes, type Place } from './shapes';

interface Props {
  label: string;
  // How much there is in a town, which gives its tint; and the same in words.
  levelOf: (code: string) => number;
  tellOf: (code: string) => string;
}

// ProvinceMap is one stop of the keyboard: the arrow keys go from town to town,
// as the eye does. Each town is a link to its page.
export function ProvinceMap({ label, levelOf, tellOf }: Props) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { width, height, municipalities, comarques } = useShapes();
  const [at, setAt] = useState<Place | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const stop = at ?? municipalities.find(({ code }) => code === '08019') ?? municipalities[0];
  const go = (place: Place) => svg.current?.querySelector<SVGAElement>(`[data-code="${place.code}"]`)?.focus();
  const press = (event: KeyboardEvent) => {
    const next = stop === undefined ? null : towards(stop, event.key, municipalities);
    if (next === null) return;
    event.preventDefault();
    go(next);
  };
  const open = (event: MouseEvent, place: Place) => {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    void navigate(`/municipalities/${place.code}`);
  };
  return (
    <figure className="map">
      <svg ref={svg} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={`${label}. ${t('map.keys')}`} onKeyDown={press}>
        {municipalities.map((place) => (
          <Town
            key={place.code}
            place={place}
            level={tint(levelOf(place.code))}
            words={`${place.name}: ${tellOf(place.code)}`}
            stop={place.code === stop?.code}
            onAt={setAt}
            onOpen={open}
          />
        ))}
        <path className="map-comarques" d={comarques} />
      </svg>
      <p className="map-told" aria-hidden="true">
        {at === null ? t('map.point') : <><strong>{at.name}</strong> · {tellOf(at.code)}</>}
      </p>
      <ul className="legend">
        {([0, 1, 2, 3] as const).map((level) => (
          <li key={level}>
            <span className={`legend-mark town-${level}`} aria-hidden="true" />
            {t(`map.level${level}`)}
          </li>
        ))}
      </ul>
      <figcaption className="small soft">
        {t('map.source')} <a href="https://www.ign.es">Instituto Geográfico Nacional</a> (CC BY 4.0).
      </figcaption>
    </figure>
  );
}

interface TownProps {
  place: Place;
  level: 0 | 1 | 2 | 3;
  words: string;
  stop: boolean;
  onAt: (place: Place) => void;
  onOpen: (event: MouseEvent, place: Place) => void;
}

// 311 of them, of which a key press changes two.
const Town = memo(
  function Town({ place, level, words, stop, onAt, onOpen }: TownProps) {
    return (
      <a
        href={`/municipalities/${place.code}`}
        data-code={place.code}
        className={`town town-${level}`}
        aria-label={words}
        tabIndex={stop ? 0 : -1}
        onFocus={() => onAt(place)}
        onPointerEnter={() => onAt(place)}
        onClick={(event) => onOpen(event, place)}
      >
        <path d={place.outline} />
      </a>
    );
  },
  (one, other) => one.level === other.level && one.words === other.words && one.stop === other.stop,
);

// Locator is a small map with one town on it, for the eye only.
export function Locator({ code }: { code: string }) {
  const { width, height, municipalities, comarques } = useShapes();
  return (
    <svg className="locator" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {municipalities.map((place) => (
        <path key={place.code} className={place.code === code ? 'town-3' : 'town-0'} d={place.outline} />
      ))}
      <path className="map-comarques" d={comarques} />
    </svg>
  );
}
