import { LONGEST_TEXT, pathShape, type RequestEvent } from "./event";

export interface Options<Env> {
  /** The name of the Worker; by default the variable MEAUX_WORKER, or the host's name. */
  worker?: string;
  project?: string;
  /** The binding of the queue. */
  queue?: string;
  /** Return the pattern of a request's route, such as `/orders/:id`. */
  route?: (request: Request, env: Env) => string;
}

type Handler<Env> = ExportedHandler<Env> & {
  fetch: NonNullable<ExportedHandler<Env>["fetch"]>;
};

const QUEUE = "MEAUX_EVENTS";
/** Milliseconds; Cloudflare ends what waits longer than 30 seconds behind the response. */
const PATIENCE = 10_000;

/** Events that could not be sent since the last one that could. */
let lost = 0;

/**
 * Return the same Worker, which also sends one event for each request to a queue.
 *
 * The response never waits for the queue. If an event can't be sent, it is dropped and counted.
 */
export function track<Env>(handler: Handler<Env>, options: Options<Env> = {}): Handler<Env> {
  return {
    ...handler,
    async fetch(request, env, ctx) {
      const at = Date.now();
      const report = (status: string, outcome: string) =>
        follow(ctx, env, options, () => ({
          ...about(request, env, options),
          status,
          outcome,
          duration: Date.now() - at,
          at,
        }));
      try {
        const response = await handler.fetch(request, env, ctx);
        report(String(response.status), "ok");
        return response;
      } catch (error) {
        report("exception", "exception");
        throw error;
      }
    },
  };
}

type About = Pick<RequestEvent, "worker" | "route" | "project" | "source">;

function about<Env>(request: Request, env: Env, options: Options<Env>): About {
  const url = new URL(request.url);
  const named = options.worker ?? (env as Record<string, unknown>)["MEAUX_WORKER"];
  return {
    worker: String(named ?? host(url)).slice(0, LONGEST_TEXT),
    route: (options.route?.(request, env) ?? pathShape(url.pathname)).slice(0, LONGEST_TEXT),
    project: options.project ?? null,
    source: "track",
  };
}

function host(url: URL): string {
  const isOnWorkersDev = url.hostname.endsWith(".workers.dev");
  return isOnWorkersDev ? (url.hostname.split(".")[0] ?? url.hostname) : url.hostname;
}

function follow<Env>(
  ctx: ExecutionContext,
  env: Env,
  options: Options<Env>,
  event: () => RequestEvent,
): void {
  try {
    ctx.waitUntil(send(env, options.queue ?? QUEUE, event));
  } catch (error) {
    drop(1, error);
  }
}

async function send(env: unknown, binding: string, event: () => RequestEvent): Promise<void> {
  const before = lost;
  lost = 0;
  try {
    const queue = (env as Record<string, Queue<RequestEvent> | undefined>)[binding];
    if (!queue) throw new Error(`There is no queue bound as ${binding}`);
    await inTime(queue.send(before ? { ...event(), lost: before } : event()));
  } catch (error) {
    drop(before + 1, error);
  }
}

/** Give up on a queue that hangs, while there is still time to count the event as dropped. */
async function inTime(sending: Promise<unknown>): Promise<void> {
  let timer: number | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The queue doesn't answer")), PATIENCE);
  });
  await Promise.race([sending, late]).finally(() => clearTimeout(timer));
}

function drop(count: number, error: unknown): void {
  lost += count;
  const reason = error instanceof Error ? error.message : String(error);
  console.warn(`Not tracked so far: ${lost} requests. ${reason}`);
}
