import { LONGEST_TEXT, pathShape, type RequestEvent, type Source } from "./event";

const A_DAY = 86_400_000;
/** 2020: an earlier time is in another unit. */
const EARLIEST = 1_577_836_800_000;
const MOST_LOST = 1_000_000_000;

/** Return an event from somebody's JSON; null if it is none. */
export function parsed(given: unknown, source?: Source): RequestEvent | null {
  if (typeof given !== "object" || given === null) return null;
  const { worker, status, at, duration, lost, ...rest } = given as Record<string, unknown>;
  if (typeof worker !== "string" || !worker || !isStatus(status) || !isTime(at)) return null;
  const from = source ?? rest["source"];
  if (from !== "track" && from !== "tail" && from !== "events") return null;
  return {
    worker: worker.slice(0, LONGEST_TEXT),
    status: String(status).slice(0, LONGEST_TEXT),
    at,
    duration: isNumber(duration) && duration >= 0 && duration < A_DAY ? duration : null,
    route: pathShape(text(rest["route"]) ?? ""),
    outcome: text(rest["outcome"]) ?? "ok",
    project: text(rest["project"]),
    source: from,
    ...(isNumber(lost) && lost > 0 && lost < MOST_LOST ? { lost: Math.floor(lost) } : {}),
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isTime(value: unknown): value is number {
  return isNumber(value) && value >= EARLIEST && value <= Date.now() + A_DAY;
}

function isStatus(value: unknown): value is string | number {
  return (typeof value === "string" && value !== "") || isNumber(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value ? value.slice(0, LONGEST_TEXT) : null;
}
