/** The shapes of counties, cut from us-atlas (boundaries of the U.S. Census Bureau) into one topology per state. */
import { readFileSync } from 'node:fs';
import type {
  GeometryCollection,
  MultiPolygon,
  Polygon,
  Topology,
} from 'topojson-specification';
import type { Plugin } from 'vite';

type County = Polygon | MultiPolygon;
type Parts = number | Parts[];

const atlas = new URL('../node_modules/us-atlas/counties-10m.json', import.meta.url);

// FIPS numbers of states, beside the codes of ISO 3166-2.
const states = `
  01AL 02AK 04AZ 05AR 06CA 08CO 09CT 10DE 11DC 12FL 13GA 15HI 16ID 17IL 18IN 19IA 20KS 21KY 22LA
  23ME 24MD 25MA 26MI 27MN 28MS 29MO 30MT 31NE 32NV 33NH 34NJ 35NM 36NY 37NC 38ND 39OH 40OK 41OR
  42PA 44RI 45SC 46SD 47TN 48TX 49UT 50VT 51VA 53WA 54WV 55WI 56WY 60AS 66GU 69MP 72PR 78VI`
  .trim()
  .split(/\s+/);

/** "US-IA" → a topology whose object "counties" bears the codes of areas. */
export function shapesByState(): Map<string, string> {
  const whole: Topology<{ counties: GeometryCollection }> = JSON.parse(
    readFileSync(atlas, 'utf8'),
  );
  const counties = whole.objects.counties.geometries as County[];
  return new Map(
    states.map((state) => {
      const [fips, code] = [state.slice(0, 2), `US-${state.slice(2)}`];
      const inside = counties
        .filter(({ id }) => String(id).startsWith(fips))
        .map((county) => ({ ...county, id: `${code}-${String(county.id).slice(2)}` }));
      return [code, JSON.stringify(cut(whole, inside))];
    }),
  );
}

/** Only these counties and the lines that they have; ~n is line n the other way round. */
function cut({ arcs, transform }: Topology, counties: County[]) {
  const kept = new Map<number, number>();
  function renumbered(parts: Parts): Parts {
    if (Array.isArray(parts)) return parts.map(renumbered);
    const line = parts < 0 ? ~parts : parts;
    const number = kept.get(line) ?? kept.size;
    kept.set(line, number);
    return parts < 0 ? ~number : number;
  }
  const geometries = counties.map(({ type, id, arcs: parts }) => ({
    type,
    id,
    arcs: renumbered(parts),
  }));
  return {
    type: 'Topology',
    transform,
    objects: { counties: { type: 'GeometryCollection', geometries } },
    arcs: [...kept.keys()].map((line) => arcs[line]),
  };
}

/** Serves /areas/US-IA.json and its neighbours, of which a map fetches its own. */
export function areaShapes(): Plugin {
  return {
    name: 'area-shapes',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const state = /^\/areas\/(US-[A-Z]{2})\.json$/.exec(request.url ?? '')?.[1];
        const shapes = state && shapesByState().get(state);
        if (!shapes) return next();
        response.setHeader('Content-Type', 'application/json');
        response.end(shapes);
      });
    },
    generateBundle() {
      if (this.environment.name !== 'client') return;
      for (const [state, source] of shapesByState()) {
        this.emitFile({ type: 'asset', fileName: `areas/${state}.json`, source });
      }
    },
  };
}
