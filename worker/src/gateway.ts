import { bytesOf, json } from "./body";
import type { Env } from "./env";
import { mustRead } from "./guard/reading";
import { Refused } from "./guard/tokens";
import { find, keep, keyOf, type Kept, type Place, type Result, type Statement } from "./kept";
import { isSame } from "./signature";

/** The header with the gateway's key; `Authorization: Bearer …` is accepted, too. */
const KEY = "meaux-key";
/** The header with the age in seconds that a kept answer may have. */
const MAX_AGE = "meaux-max-age";

const PATH = /^(?:\/client\/v4)?(?:\/accounts\/[^/]+)?(?:\/d1\/database\/([^/]+))?\/raw$/;

const MOST_BYTES = 10_000_000;

/** D1's own codes. */
const QUERY_ERROR = 7500;
const NOT_FOUND = 7404;
const BAD_TOKEN = 10000;
const BAD_REQUEST = 7400;

/** Return the ID of the database that a path asks, "" for the one that is bound; null if none. */
export function databaseOf(path: string): string | null {
  const found = PATH.exec(path);
  return found ? (found[1] ?? "") : null;
}

/** Answer as D1's REST API does, and only to statements that read. */
export async function answer(
  request: Request,
  database: string,
  env: Env,
  ctx: ExecutionContext,
): Promise<Response> {
  if (!(await isAllowed(request.headers, env))) {
    return failed(401, BAD_TOKEN, "Authentication error");
  }
  if (database && database !== env.DATABASE_ID) {
    return failed(404, NOT_FOUND, `The database ${database} could not be found`);
  }
  const body = await bytesOf(request, MOST_BYTES);
  if (!body) return failed(413, BAD_REQUEST, `A request has at most ${MOST_BYTES} bytes`);
  const statements = statementsOf(json(body));
  if (!statements)
    return failed(400, BAD_REQUEST, "The request is malformed: sql or batch; params are texts");
  try {
    for (const one of statements) mustRead(one.sql);
    return await found(request, statements, env, ctx);
  } catch (error) {
    return refusal(error);
  }
}

async function isAllowed(headers: Headers, env: Env): Promise<boolean> {
  const bearer = /^Bearer (.+)$/.exec(headers.get("authorization") ?? "")?.[1];
  const given = headers.get(KEY) ?? bearer ?? "";
  return Boolean(env.GATEWAY_KEY) && (await isSame(given, env.GATEWAY_KEY ?? ""));
}

/** Return the statements of a body; null if it has none, or a parameter that is no text. */
function statementsOf(body: Record<string, unknown> | null): Statement[] | null {
  const list = Array.isArray(body?.["batch"]) ? body["batch"] : [body];
  const found: Statement[] = [];
  for (const one of list as unknown[]) {
    const { sql, params = [] } = (one ?? {}) as Record<string, unknown>;
    if (typeof sql !== "string" || !isTexts(params)) return null;
    found.push({ sql, params });
  }
  return found.length ? found : null;
}

/** D1's API takes nothing but texts. */
function isTexts(given: unknown): given is string[] {
  return Array.isArray(given) && given.every((one) => typeof one === "string");
}

async function found(
  { headers, url }: Request,
  statements: Statement[],
  env: Env,
  ctx: ExecutionContext,
): Promise<Response> {
  const age = maxAge(headers);
  const key = await keyOf(env.DATABASE_ID, statements);
  // No Authorization is sent to this address: with it, no cache would keep the answer.
  const near = new URL(`/kept/${key}`, url).href;
  const kept = age > 0 ? await find(env, key, near, age, ctx).catch(forgone) : undefined;
  if (kept) return envelope(...kept);
  const fresh = { at: Date.now(), results: await read(env.DB, statements) };
  if (headers.has(MAX_AGE)) ctx.waitUntil(keep(env, key, near, fresh).catch(forgone));
  return envelope(fresh);
}

/** Return the age in seconds that an answer may have; 0 is a fresh one. */
function maxAge(headers: Headers): number {
  if (/no-(cache|store)/i.test(headers.get("cache-control") ?? "")) return 0;
  const asked = headers.get(MAX_AGE) ?? "";
  return /^\d{1,9}$/.test(asked) ? Number(asked) : 0;
}

/** A cache that fails is no reason not to answer. */
function forgone(error: unknown): undefined {
  console.warn(`The answer is not kept: ${String(error)}`);
}

/** Read from whichever replica is nearest. */
async function read(db: D1Database, statements: Statement[]): Promise<Result[]> {
  const session = db.withSession("first-unconstrained");
  const prepared = statements.map((one) => session.prepare(one.sql).bind(...one.params));
  const answers = await session.batch<Record<string, unknown>>(prepared);
  return answers.map(({ results, meta }) => {
    const columns = Object.keys(results[0] ?? {});
    const rows = results.map((row) => columns.map((name) => row[name]));
    return { success: true, results: { columns, rows }, meta };
  });
}

/** Return the results; their `meta` tells where they come from and their age in seconds. */
function envelope(kept: Kept, place?: Place): Response {
  const age = Math.max(0, Math.round((Date.now() - kept.at) / 1000));
  const warm = { rows_read: 0, duration: 0, from: place, age };
  const result = kept.results.map((one) => ({
    ...one,
    meta: place ? { ...one.meta, ...warm } : { ...one.meta, from: "D1", age: 0 },
  }));
  return Response.json({ success: true, errors: [], messages: [], result });
}

function refusal(error: unknown): Response {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Refused) return failed(400, QUERY_ERROR, message);
  const told = message.replace(/^(D1_[A-Z_]+: )+/, "");
  const isOurs = /SQLITE_|no such|syntax error|D1_TYPE_ERROR/.test(message);
  return failed(isOurs ? 400 : 500, QUERY_ERROR, told);
}

function failed(status: number, code: number, message: string): Response {
  const body = { success: false, errors: [{ code, message }], messages: [], result: [] };
  return Response.json(body, { status });
}
