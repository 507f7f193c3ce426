import type { RequestEvent } from "./event";

export interface Env {
  DB: D1Database;
  ANSWERS: KVNamespace;
  MEAUX_EVENTS: Queue<RequestEvent>;
  /** The ID of the database bound as DB: the gateway answers for no other. */
  DATABASE_ID: string;
  /** `yes`: count the requests of each route, too. */
  ROUTES?: string;
  /** Secrets. Without one, its address refuses everything. */
  GATEWAY_KEY?: string;
  EVENTS_SECRET?: string;
  RESEND_SECRET?: string;
}
