import { hourly, totals, type Hourly, type Total } from "./count";
import type { Env } from "./env";
import type { RequestEvent } from "./event";
import { addRoutes } from "./routes";

/** An event under the id of the message that brought it. */
export interface Message {
  id: string;
  events: RequestEvent[];
}

/** How long a batch is remembered, in seconds. */
const REMEMBERED = 3600;

/** What D1 says of a `tracked_hourly` whose key doesn't contain the project. */
const IS_EARLIER = /tracked_hourly has no column named project|ON CONFLICT clause does not match/;

/** How many buckets one `json_set` takes: D1's functions have at most 127 arguments. */
const BUCKETS = 60;

const ADD_TOTAL = `
  INSERT INTO worker_stats (worker_id, worker_name, total_requests, last_request_at)
  VALUES (?1, ?1, ?2, ?3)
  ON CONFLICT (worker_id) DO UPDATE SET
    total_requests = coalesce(total_requests, 0) + excluded.total_requests,
    last_request_at = max(coalesce(last_request_at, 0), excluded.last_request_at)`;

/**
 * Write the events of some messages, all or none, unless they are written already.
 *
 * Return how many messages were new. Whole batches are always recognised. `repeated` are the
 * messages that may have been delivered before, perhaps in another batch.
 */
export async function record(
  env: Pick<Env, "DB" | "ROUTES">,
  messages: Message[],
  repeated: Message[] = [],
): Promise<number> {
  const db = env.DB;
  const known = await alreadyWritten(db, repeated);
  const fresh = messages.filter((message) => !known.has(message.id));
  if (!fresh.length) return 0;
  const events = fresh.flatMap((message) => message.events);
  const ids = fresh.map((message) => message.id).sort();
  const now = Math.floor(Date.now() / 1000);
  try {
    await db.batch([
      db.prepare("DELETE FROM meaux_batches WHERE at < ?1").bind(now - REMEMBERED),
      db
        .prepare("INSERT INTO meaux_batches (id, messages, at) VALUES (?1, ?2, ?3)")
        .bind(await digest(ids.join("\n")), JSON.stringify(ids), now),
      ...hourly(events).map((row) => addHourly(db, row)),
      ...totals(events).map((total) => addTotal(db, total)),
      ...(env.ROUTES === "yes" ? addRoutes(db, events) : []),
    ]);
  } catch (error) {
    if (isWrittenAlready(error)) return 0;
    throw explained(error);
  }
  return fresh.length;
}

async function alreadyWritten(db: D1Database, messages: Message[]): Promise<Set<string>> {
  if (!messages.length) return new Set();
  const asked = JSON.stringify(messages.map((message) => message.id));
  const sql = `
    SELECT j.value AS id FROM meaux_batches AS b, json_each(b.messages) AS j
    WHERE j.value IN (SELECT value FROM json_each(?1))`;
  try {
    const found = await db.prepare(sql).bind(asked).all<{ id: string }>();
    return new Set(found.results.map((row) => row.id));
  } catch (error) {
    throw explained(error);
  }
}

function addHourly(db: D1Database, row: Hourly): D1PreparedStatement {
  const sql = `
    INSERT INTO tracked_hourly
      (worker, hour, status, source, project, requests, errors, duration_ms_sum, durations)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (worker, hour, status, source, project) DO UPDATE SET
      requests = requests + excluded.requests,
      errors = coalesce(errors + excluded.errors, errors, excluded.errors),
      duration_ms_sum = coalesce(
        duration_ms_sum + excluded.duration_ms_sum, duration_ms_sum, excluded.duration_ms_sum),
      durations = ${merged(row.durations)}`;
  const { requests, errors, durationSum, durations } = row;
  const key = [row.worker, row.hour, row.status, row.source, row.project];
  const values = [requests, errors, durationSum, JSON.stringify(durations)];
  return db.prepare(sql).bind(...key, ...values);
}

/** Return the SQL that adds counts to those of a row; `json_each` would be billed as rows read. */
function merged(durations: Record<string, number>): string {
  const before = "coalesce(durations, '{}')";
  const sums = Object.entries(durations).map(([name, count]) => {
    const path = `'$."${Number(name)}"'`;
    return `${path}, coalesce(json_extract(${before}, ${path}), 0) + ${Number(count)}`;
  });
  let sql = before;
  for (let n = 0; n < sums.length; n += BUCKETS) {
    sql = `json_set(${sql}, ${sums.slice(n, n + BUCKETS).join(", ")})`;
  }
  return sql;
}

function addTotal(db: D1Database, total: Total): D1PreparedStatement {
  return db.prepare(ADD_TOTAL).bind(total.worker, total.requests, total.last);
}

function isWrittenAlready(error: unknown): boolean {
  return String(error).includes("UNIQUE constraint failed: meaux_batches.id");
}

/** Return the error with what to do, if a table is missing or of an earlier version. */
export function explained(error: unknown): Error {
  if (IS_EARLIER.test(String(error))) {
    return new Error(
      "The table tracked_hourly has no projects yet. Add them: " +
        "npx wrangler d1 execute DB --remote --file add-project.sql",
    );
  }
  const missing = /no such table: (\w+)/.exec(String(error))?.[1];
  if (!missing) return error instanceof Error ? error : new Error(String(error));
  return new Error(
    `The table ${missing} is missing. Create it: ` +
      "npx wrangler d1 execute DB --remote --file schema.sql",
  );
}

async function digest(text: string): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

export function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
