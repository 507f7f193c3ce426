// A Worker that is followed. It passes everything else on to the Workers that nobody can reach.
import { track } from "../../worker/src/track";

interface Message {
  id: string;
  body: unknown;
  attempts: number;
}

interface Env {
  MEAUX: Fetcher & {
    queue(name: string, messages: Message[]): Promise<unknown>;
  };
  MEAUX_EVENTS: Queue;
  DEMO: Fetcher;
  TAILED: Fetcher;
  BROKEN?: unknown;
  HANGING?: unknown;
}

type Ask = Request<unknown, IncomingRequestCfProperties>;

/** As many as a Worker can have under way at once. */
const SEVERAL = 500;
const HANGING = { send: () => new Promise(() => {}) };
const BROKEN = { send: () => Promise.reject(new Error("the queue is down")) };

const shop = {
  async fetch(
    request: Request,
    _env: Env,
    _ctx: ExecutionContext,
  ): Promise<Response> {
    const asked = new URL(request.url).searchParams;
    if (asked.has("throw")) throw new Error("made to fail");
    if (asked.has("wait")) await scheduler.wait(Number(asked.get("wait")));
    return new Response("sold", { status: Number(asked.get("status") ?? 200) });
  },
};

export default {
  async fetch(
    request: Request,
    env: Env,
    ctx: ExecutionContext,
  ): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/shop":
        return followed(searchParams).fetch(
          request as Ask,
          { ...env, BROKEN, HANGING },
          ctx,
        );
      case "/shop/many":
        return many(request.url, env, ctx, Number(searchParams.get("n")));
      case "/deliver":
        return deliver(env, await request.json());
      case "/tailed":
      case "/tailed/missing":
        return env.TAILED.fetch(request);
      default:
        if (pathname.startsWith("/demo/")) return demo(request, env);
        return env.MEAUX.fetch(request);
    }
  },
};

function followed(asked: URLSearchParams) {
  const worker = asked.get("as") ?? "shop";
  return track<Env>(shop, {
    worker,
    queue: asked.get("queue") ?? "MEAUX_EVENTS",
    project: asked.get("project") ?? undefined,
  });
}

/** Serve so many requests, of five Workers, a fifth each, with three statuses. */
async function many(
  url: string,
  env: Env,
  ctx: ExecutionContext,
  n: number,
): Promise<Response> {
  const statuses = [200, 200, 404, 500];
  const ask = async (_: unknown, place: number) => {
    const asked = new URL(url);
    asked.searchParams.set(
      "as",
      `${asked.searchParams.get("as")} ${place % 5}`,
    );
    asked.searchParams.set("status", String(statuses[place % 4]));
    await followed(asked.searchParams).fetch(
      new Request(asked) as Ask,
      env,
      ctx,
    );
  };
  for (let left = n; left > 0; left -= SEVERAL) {
    await Promise.all(Array.from({ length: Math.min(left, SEVERAL) }, ask));
  }
  return new Response("sold");
}

/** Ask the same Worker on another database. */
function demo(request: Request, env: Env): Promise<Response> {
  return env.DEMO.fetch(
    new Request(request.url.replace("/demo/", "/"), request),
  );
}

/** Hand messages to the queue's consumer, as the runtime does. */
async function deliver(env: Env, messages: Message[]): Promise<Response> {
  const dated = messages.map((one) => ({ ...one, timestamp: new Date() }));
  return Response.json(await env.MEAUX.queue("meaux-events", dated));
}
