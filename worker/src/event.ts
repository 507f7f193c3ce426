/** One request that a Worker answered, or failed to. */
export interface RequestEvent {
  worker: string;
  /** The route's pattern, or the shape of the path. */
  route: string;
  /** The HTTP status, or `exception`. */
  status: string;
  /** `ok`, `exception`, or another outcome that Cloudflare names. */
  outcome: string;
  /** Milliseconds; null if unknown. */
  duration: number | null;
  project: string | null;
  /** Epoch milliseconds. */
  at: number;
  /** Requests before this one whose events could not be sent. */
  lost?: number;
  source: Source;
}

export type Source = "track" | "tail" | "events";

export const LONGEST_TEXT = 200;

const SERVER_ERROR = /^5\d\d$/;

/** Outcomes that are not the Worker's fault: a client that left is none. */
const NO_ERRORS = new Set(["ok", "canceled", "responseStreamDisconnected", "unknown"]);

export function isError(event: RequestEvent): boolean {
  return !NO_ERRORS.has(event.outcome) || SERVER_ERROR.test(event.status);
}

/** Return the path with ids replaced: `/orders/81/items` is `/orders/:id/items`. */
export function pathShape(path: string): string {
  const parts = path.split("/").map((part) => (looksLikeId(part) ? ":id" : part));
  return parts.join("/").slice(0, LONGEST_TEXT);
}

function looksLikeId(part: string): boolean {
  return /^\d+$/.test(part) || (part.length >= 16 && /\d/.test(part)) || part.length > 40;
}
