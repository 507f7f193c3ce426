// The gateway in front of a D1 that fails with a message: the status and the body of its answer.
import { answer as answered } from "../../worker/src/gateway";
import type { Env } from "../../worker/src/env";

const KEY = "a-key-that-was-made-up";

export async function answer(message: string): Promise<[number, string]> {
  const statement = { bind: () => statement };
  const session = {
    prepare: () => statement,
    batch: () => Promise.reject(new Error(message)),
  };
  const env = {
    DB: { withSession: () => session },
    DATABASE_ID: "a-database",
    GATEWAY_KEY: KEY,
  };
  const request = new Request("http://gateway/raw", {
    method: "POST",
    headers: { "Meaux-Key": KEY },
    body: JSON.stringify({ sql: "SELECT 1 AS n" }),
  });
  const told = await answered(
    request,
    "",
    env as unknown as Env,
    {} as ExecutionContext,
  );
  return [told.status, await told.text()];
}
