import type { Env } from "./env";
import { LONGEST_TEXT, pathShape, type RequestEvent } from "./event";

const MOST_IN_A_BATCH = 100;

/** Send one event for each request of the Workers that name this one as their tail consumer. */
export async function follow(traces: TraceItem[], env: Env): Promise<void> {
  const events = traces.map(eventOf).filter((event) => event !== null);
  for (let n = 0; n < events.length; n += MOST_IN_A_BATCH) {
    const part = events.slice(n, n + MOST_IN_A_BATCH);
    await env.MEAUX_EVENTS.sendBatch(part.map((body) => ({ body })));
  }
}

/** Return the event of a request; null for alarms, cron and queues. */
function eventOf(trace: TraceItem): RequestEvent | null {
  const about = trace.event;
  if (!about || !("request" in about)) return null;
  const { request } = about;
  const status = about.response?.status;
  const url = new URL(request.url);
  return {
    worker: (trace.scriptName ?? url.hostname).slice(0, LONGEST_TEXT),
    route: pathShape(url.pathname),
    status: status === undefined ? trace.outcome : String(status),
    outcome: trace.outcome,
    // Locally there is none.
    duration: trace.wallTime ?? null,
    project: null,
    at: trace.eventTimestamp ?? Date.now(),
    source: "tail",
  };
}
