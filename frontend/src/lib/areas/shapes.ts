/** The network's counties as shapes on a plane. Loaded only with the map. */
import { geoAzimuthalEqualArea, geoCentroid, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { Problem } from '#lib/api/problem.ts';
import { within } from './codes.ts';

export const size = { width: 640, height: 440 };
const margin = 12;

export interface Shape {
  code: string;
  /** What an SVG path draws. */
  path: string;
  middle: [number, number];
  width: number;
  /** Whether it is of the network, or only lies around it. */
  ours: boolean;
}

type Atlas = Topology<{ counties: GeometryCollection }>;

const stateOf = (code: string): string => code.split('-').slice(0, 2).join('-');

/** The states whose shapes a map of these areas needs; none for whole countries, which have none here. */
export const statesOf = (areas: readonly string[]): string[] => [
  ...new Set(areas.filter((area) => /^US-/.test(area)).map(stateOf)),
];

async function countiesOf(state: string) {
  const response = await fetch(`/areas/${state}.json`).catch(() => null);
  if (!response?.ok) throw Problem.unreachable();
  const atlas = (await response.json()) as Atlas;
  return feature(atlas, atlas.objects.counties).features;
}

/** Fitted to the network's areas; what else lies in their states is drawn around them. */
export async function shapesOf(areas: readonly string[]): Promise<Shape[]> {
  const counties = (await Promise.all(statesOf(areas).map(countiesOf))).flat();
  const isOurs = (code: string) => areas.some((area) => within(code, area));
  const ours = counties.filter((each) => isOurs(String(each.id)));
  if (ours.length === 0) return [];
  const whole = { type: 'FeatureCollection' as const, features: ours };
  const [longitude, latitude] = geoCentroid(whole);
  const plane = geoAzimuthalEqualArea()
    .rotate([-longitude, -latitude])
    .fitExtent(
      [
        [margin, margin],
        [size.width - margin, size.height - margin],
      ],
      whole,
    );
  const pen = geoPath(plane).digits(1);
  return counties.map((each) => {
    const [[left], [right]] = pen.bounds(each);
    return {
      code: String(each.id),
      path: pen(each) ?? '',
      middle: pen.centroid(each),
      width: right - left,
      ours: isOurs(String(each.id)),
    };
  });
}
