// Makes the locator map of src/map/generated/shapes.json from es-atlas, whose
// shapes are the national geographic institute's (CC BY 4.0): the 311
// municipalities of the province as outlines that are drawn as they are, already
// projected, so that the page needs no library for it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { geoMercator, geoPath } from 'd3-geo';
import { feature, mesh } from 'topojson-client';

const require = createRequire(import.meta.url);
const atlas = JSON.parse(await readFile(require.resolve('es-atlas/es/municipalities.json'), 'utf8'));
const table = await readFile(new URL('../../internal/domain/territory/data/municipalities.csv', import.meta.url), 'utf8');
const target = new URL('../src/map/generated/shapes.json', import.meta.url);

const width = 1000;
const rows = table.trim().split('\n').slice(1);
const known = rows.map((line) => /^(\d{5}),("[^"]*"|[^,]*),([^,]*)/.exec(line)).map(([, code, name, comarca]) => ({ code, name: name.replaceAll('"', ''), comarca }));
const comarcaOf = new Map(known.map(({ code, comarca }) => [code, comarca]));
const geometries = atlas.objects.municipalities.geometries.filter(({ id }) => comarcaOf.has(id));
const province = { type: 'GeometryCollection', geometries };
const projection = geoMercator().fitWidth(width, feature(atlas, province));
// A tenth of a unit is less than a screen shows of it.
const path = geoPath(projection).digits(1);
const [[, top], [, bottom]] = path.bounds(feature(atlas, province));

const shapes = {
  width,
  height: Math.ceil(bottom - top),
  municipalities: known.map(({ code, name, comarca }) => {
    const shape = feature(atlas, geometries.find(({ id }) => id === code));
    return { code, name, comarca, outline: path(shape), at: path.centroid(shape).map(Math.round) };
  }),
  comarques: path(mesh(atlas, province, (a, b) => comarcaOf.get(a.id) !== comarcaOf.get(b.id) || a === b)),
};
if (geometries.length !== 311) throw new Error(`${geometries.length} of 311 municipalities in es-atlas`);

const text = `${JSON.stringify(shapes)}\n`;
await mkdir(new URL('.', target), { recursive: true });
const before = await readFile(target, 'utf8').catch(() => '');
if (before !== text) await writeFile(target, text);
