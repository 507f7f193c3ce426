// A Worker that is followed; everything else goes to the Worker under test.
import { track } from "../../worker/src/track";

interface Env {
  MEAUX: Fetcher;
  MEAUX_EVENTS: Queue;
  BROKEN?: unknown;
}

const SEVERAL = 500;

const shop = {
  async fetch(
    request: Request,
    _env: Env,
    _ctx: ExecutionContext,
  ): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.endsWith("/throw")) throw new Error("made to fail");
    await scheduler.wait(Number(searchParams.get("wait") ?? 0));
    return new Response("sold", {
      status: Number(searchParams.get("status") ?? 200),
    });
  },
};

const options = { worker: "shop", project: "prj_shop" };
const followed = track<Env>(shop, options);
const unbound = track<Env>(shop, { ...options, queue: "NO_SUCH_QUEUE" });
const broken = track<Env>(shop, { ...options, queue: "BROKEN" });

const BROKEN = { send: () => Promise.reject(new Error("the queue is down")) };

export default {
  async fetch(
    request: Request,
    env: Env,
    ctx: ExecutionContext,
  ): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.startsWith("/shop/unbound"))
      return unbound.fetch(ask(request), env, ctx);
    if (pathname.startsWith("/shop/broken")) {
      return broken.fetch(ask(request), { ...env, BROKEN }, ctx);
    }
    if (pathname === "/shop/many") {
      for (let n = Number(searchParams.get("n")); n > 0; n -= SEVERAL) {
        const several = Array.from({ length: Math.min(n, SEVERAL) });
        await Promise.all(
          several.map(() => followed.fetch(ask(request), env, ctx)),
        );
      }
      return new Response("done");
    }
    if (pathname.startsWith("/shop/"))
      return followed.fetch(ask(request), env, ctx);
    return env.MEAUX.fetch(request);
  },
};

function ask(request: Request): Request<unknown, IncomingRequestCfProperties> {
  return request as Request<unknown, IncomingRequestCfProperties>;
}
