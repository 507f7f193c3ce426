import { isError, type RequestEvent, type Source } from "./event";

/** The requests of one Worker in one hour with one status and one project. */
export interface Hourly {
  worker: string;
  hour: number;
  status: string;
  source: Source;
  /** Empty if there is none. */
  project: string;
  requests: number;
  /** Null if unknown. */
  errors: number | null;
  durationSum: number | null;
  durations: Record<string, number>;
}

/** All requests of one Worker in a batch. */
export interface Total {
  worker: string;
  requests: number;
  /** Epoch seconds. */
  last: number;
}

const HOUR = 3600;

/** Bucket n counts durations from GROWTH ** n up to GROWTH ** (n + 1) ms, as in the dashboard. */
const GROWTH = 1.04;
/** The bucket of durations below a microsecond. */
const INSTANT = -178;

/** The status of requests of which only the number is known. */
const UNKNOWN = "unknown";

export function bucket(duration: number): number {
  if (duration <= 0) return INSTANT;
  const guess = Math.floor(Math.log(duration) / Math.log(GROWTH));
  return Math.max(INSTANT, guess);
}

/** Add up events by Worker, hour, status, source and project. */
export function hourly(events: RequestEvent[]): Hourly[] {
  const found = new Map<string, Hourly>();
  for (const event of events) {
    const row = rowOf(found, event, event.status);
    row.requests += 1;
    row.errors = (row.errors ?? 0) + (isError(event) ? 1 : 0);
    if (event.duration !== null) {
      row.durationSum = (row.durationSum ?? 0) + event.duration;
      const name = String(bucket(event.duration));
      row.durations[name] = (row.durations[name] ?? 0) + 1;
    }
    if (event.lost) rowOf(found, event, UNKNOWN).requests += event.lost;
  }
  return [...found.values()];
}

function rowOf(found: Map<string, Hourly>, event: RequestEvent, status: string): Hourly {
  const hour = Math.floor(event.at / 1000 / HOUR) * HOUR;
  const { worker, source } = event;
  const project = event.project ?? "";
  const key = JSON.stringify([worker, hour, status, source, project]);
  let row = found.get(key);
  if (!row) {
    const nothing = { requests: 0, errors: null, durationSum: null, durations: {} };
    row = { worker, hour, status, source, project, ...nothing };
    found.set(key, row);
  }
  return row;
}

/** Add up events by Worker. */
export function totals(events: RequestEvent[]): Total[] {
  const found = new Map<string, Total>();
  for (const { worker, at, lost = 0 } of events) {
    const total = found.get(worker) ?? { worker, requests: 0, last: 0 };
    total.requests += 1 + lost;
    total.last = Math.max(total.last, Math.floor(at / 1000));
    found.set(worker, total);
  }
  return [...found.values()];
}
