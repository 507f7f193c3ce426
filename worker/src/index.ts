import { consume } from "./consume";
import type { Env } from "./env";
import { said, takeEvents } from "./events";
import { answer, databaseOf } from "./gateway";
import { follow } from "./tail";

export { track } from "./track";

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (request.method !== "POST") return said(405, "Only POST is answered.");
    const database = databaseOf(pathname);
    if (database !== null) return answer(request, database, env, ctx);
    if (pathname === "/events") return events(request, env);
    return said(404, "There is only /events, and D1's …/raw.");
  },
  queue: consume,
  tail: follow,
} satisfies ExportedHandler<Env>;

async function events(request: Request, env: Env): Promise<Response> {
  try {
    return await takeEvents(request, env);
  } catch (error) {
    console.error(String(error));
    return said(500, "The events were not written; send them again.");
  }
}
