import type { RequestEvent } from "./event";

/** The requests of one Worker on one day, by route. */
interface Daily {
  worker: string;
  /** Epoch seconds. */
  day: number;
  routes: Map<string, number>;
}

const DAY = 86_400;

/** Routes that are kept per Worker and day: paths that somebody makes up can't fill D1. */
const MOST = 100;
/** The route of all other requests. */
const OTHER = "(other)";

/**
 * Add a JSON object of counts to that of a row, and keep the most frequent routes.
 *
 * `json_each` is billed as rows read: at most 201 per batch and Worker.
 */
const ADD = `
  INSERT INTO meaux_routes (worker, day, routes) VALUES (?1, ?2, ?3)
  ON CONFLICT (worker, day) DO UPDATE SET routes = (
    SELECT json_group_object(route, requests) FROM (
      SELECT iif(place <= ${MOST}, route, '${OTHER}') AS route, sum(requests) AS requests FROM (
        SELECT key AS route, sum(value) AS requests,
          row_number() OVER (ORDER BY key = '${OTHER}', sum(value) DESC, key) AS place
        FROM (
          SELECT key, value FROM json_each(meaux_routes.routes)
          UNION ALL SELECT key, value FROM json_each(excluded.routes))
        GROUP BY key)
      GROUP BY 1))`;

/** Return the statements that add events to the routes of their Workers. */
export function addRoutes(db: D1Database, events: RequestEvent[]): D1PreparedStatement[] {
  return daily(events).map(({ worker, day, routes }) =>
    db.prepare(ADD).bind(worker, day, JSON.stringify(Object.fromEntries(mostFrequent(routes)))),
  );
}

function daily(events: RequestEvent[]): Daily[] {
  const found = new Map<string, Daily>();
  for (const { worker, at, route } of events) {
    const day = Math.floor(at / 1000 / DAY) * DAY;
    const key = JSON.stringify([worker, day]);
    const { routes } = found.get(key) ?? { routes: new Map<string, number>() };
    routes.set(route, (routes.get(route) ?? 0) + 1);
    found.set(key, { worker, day, routes });
  }
  return [...found.values()];
}

/** Return the most frequent routes, and the sum of the others. */
function mostFrequent(routes: Map<string, number>): Map<string, number> {
  const sorted = [...routes].sort(([, a], [, b]) => b - a);
  const kept = new Map(sorted.slice(0, MOST));
  const rest = sorted.slice(MOST).reduce((sum, [, count]) => sum + count, 0);
  if (rest) kept.set(OTHER, (kept.get(OTHER) ?? 0) + rest);
  return kept;
}
