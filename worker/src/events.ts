import { bytesOf, json } from "./body";
import type { Env } from "./env";
import type { RequestEvent } from "./event";
import { parsed } from "./parse";
import { record } from "./record";
import { take } from "./resend";
import { fromHex, isRecent, isSigned, signedText, utf8 } from "./signature";

const MOST_BYTES = 1_000_000;
const MOST_EVENTS = 1_000;

/**
 * Take events from outside Workers: `{"events": […]}`, signed; or a webhook of Resend.
 *
 * A request that is sent again is counted once.
 */
export async function takeEvents(request: Request, env: Env): Promise<Response> {
  const body = await bytesOf(request, MOST_BYTES);
  if (!body) return said(413, `At most ${MOST_BYTES} bytes at a time.`);
  if (request.headers.has("svix-id")) return take(request.headers, body, env);
  const signature = request.headers.get("meaux-signature") ?? "";
  if (!(await isOurs(request.headers.get("meaux-timestamp") ?? "", signature, body, env))) {
    return said(401, "The signature is missing, wrong, or older than five minutes.");
  }
  const events = eventsOf(body);
  if (typeof events === "string") return said(400, events);
  const isNew = await record(env, [{ id: `post ${signature.toLowerCase()}`, events }]);
  return Response.json({ counted: isNew ? events.length : 0 });
}

async function isOurs(
  timestamp: string,
  signature: string,
  body: ArrayBuffer,
  env: Env,
): Promise<boolean> {
  if (!env.EVENTS_SECRET || !isRecent(timestamp)) return false;
  const text = signedText(`${timestamp}.`, body);
  return isSigned(utf8(env.EVENTS_SECRET), text, [fromHex(signature)]);
}

/** Return the events of a body, or what is wrong with it. */
function eventsOf(body: ArrayBuffer): RequestEvent[] | string {
  const given = json(body);
  const list = given?.["events"];
  if (!Array.isArray(list)) return 'Send {"events": [{"worker", "status", "at", "duration"}]}.';
  if (list.length > MOST_EVENTS) return `At most ${MOST_EVENTS} events at a time.`;
  const events: RequestEvent[] = [];
  for (const [place, one] of list.entries()) {
    const event = parsed(one, "events");
    if (!event) {
      return `Event ${place} needs a worker, a status, and at (epoch milliseconds, since 2020).`;
    }
    events.push(event);
  }
  return events;
}

export function said(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
