import type { Env } from "./env";
import { hex } from "./record";

/** The results of one call, and when they were read (epoch milliseconds). */
export interface Kept {
  at: number;
  results: Result[];
}

export interface Result {
  success: true;
  results: { columns: string[]; rows: unknown[][] };
  meta: Record<string, unknown>;
}

export interface Statement {
  sql: string;
  params: string[];
}

export type Place = "edge cache" | "KV";

/** Fewer rows are cheaper to read from D1 than one answer is to read from KV. */
const FEW_ROWS = 50;
/** As many as KV's free plan has. */
const WRITES_A_DAY = 1_000;
const HOUR = 3600;
/** KV's limit is 25 MiB. */
const MOST_BYTES = 20_000_000;

const COUNT_WRITE = `
  INSERT INTO meaux_kept (day, writes) VALUES (?1, 1)
  ON CONFLICT (day) DO UPDATE SET writes = writes + 1 WHERE writes < ?2
  RETURNING writes`;

/** Return the name under which the answer to a call is kept for this hour. */
export async function keyOf(database: string, statements: Statement[]): Promise<string> {
  const hour = Math.floor(Date.now() / 1000 / HOUR);
  const text = JSON.stringify([database, hour, statements.map((one) => [one.sql, one.params])]);
  return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

/**
 * Return an answer of at most this age in seconds, and where it was; undefined if none is kept.
 *
 * `near` is its address in the edge cache.
 */
export async function find(
  env: Env,
  key: string,
  near: string,
  age: number,
  ctx: ExecutionContext,
): Promise<[Kept, Place] | undefined> {
  const isYoung = (kept: Kept | null) => kept !== null && Date.now() - kept.at <= age * 1000;
  const beside = (await (await caches.default.match(near))?.json<Kept>()) ?? null;
  if (beside && isYoung(beside)) return [beside, "edge cache"];
  const kept = await env.ANSWERS.get<Kept>(key, "json");
  if (!kept || !isYoung(kept)) return undefined;
  ctx.waitUntil(keepNear(near, JSON.stringify(kept)));
  return [kept, "KV"];
}

/** Keep an answer in the edge cache; also in KV, if it is worth that and a write is left today. */
export async function keep(env: Env, key: string, near: string, kept: Kept): Promise<void> {
  const text = JSON.stringify(kept);
  await keepNear(near, text);
  if (rowsRead(kept.results) < FEW_ROWS || text.length > MOST_BYTES) return;
  if (await mayWrite(env.DB)) await env.ANSWERS.put(key, text, { expirationTtl: HOUR });
}

/** Return the rows that D1 read for these results. */
export function rowsRead(results: Result[]): number {
  return results.reduce((sum, one) => sum + (Number(one.meta["rows_read"]) || 0), 0);
}

async function keepNear(near: string, text: string): Promise<void> {
  const headers = { "content-type": "application/json", "cache-control": `max-age=${HOUR}` };
  await caches.default.put(near, new Response(text, { headers }));
}

/** Count one more write to KV; return whether the day's limit allows it. */
async function mayWrite(db: D1Database): Promise<boolean> {
  const day = new Date().toISOString().slice(0, 10);
  try {
    return (await db.prepare(COUNT_WRITE).bind(day, WRITES_A_DAY).first()) !== null;
  } catch (error) {
    console.warn(`Nothing is kept in KV: ${String(error)}`);
    return false;
  }
}
