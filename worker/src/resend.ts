import { json } from "./body";
import type { Env } from "./env";
import { said } from "./events";
import { explained } from "./record";
import { fromBase64, isRecent, isSigned, signedText } from "./signature";

/** Svix repeats a webhook for 28 hours; its id is remembered for three days. */
const REMEMBERED = 3 * 86_400;

const KIND = /^email\.([a-z_]{1,40})$/;

interface EmailEvent {
  message: string;
  type: string;
  recipient: string | null;
  at: string;
}

/** Write a webhook of Resend into email_events, once. */
export async function take(headers: Headers, body: ArrayBuffer, env: Env): Promise<Response> {
  const id = headers.get("svix-id") ?? "";
  if (!(await isResends(id, headers, body, env))) {
    return said(401, "The signature is missing, wrong, or older than five minutes.");
  }
  const event = emailEvent(json(body));
  if (!event) return Response.json({ written: 0 });
  try {
    await write(env.DB, id, event);
  } catch (error) {
    if (!String(error).includes("UNIQUE constraint failed: meaux_webhooks.id")) {
      throw explained(error);
    }
    return Response.json({ written: 0 });
  }
  return Response.json({ written: 1 });
}

async function write(db: D1Database, id: string, event: EmailEvent): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  await db.batch([
    db.prepare("DELETE FROM meaux_webhooks WHERE at < ?1").bind(now - REMEMBERED),
    db.prepare("INSERT INTO meaux_webhooks (id, at) VALUES (?1, ?2)").bind(id, now),
    db
      .prepare(
        "INSERT INTO email_events (message_id, event_type, recipient, created_at)" +
          " VALUES (?1, ?2, ?3, ?4)",
      )
      .bind(event.message, event.type, event.recipient, event.at),
  ]);
}

async function isResends(
  id: string,
  headers: Headers,
  body: ArrayBuffer,
  env: Env,
): Promise<boolean> {
  const timestamp = headers.get("svix-timestamp") ?? "";
  const secret = fromBase64((env.RESEND_SECRET ?? "").replace(/^whsec_/, ""));
  if (!secret?.length || !isRecent(timestamp)) return false;
  const given = (headers.get("svix-signature") ?? "").split(" ").map((one) => one.split(","));
  const signatures = given.map(([version, text]) =>
    version === "v1" ? fromBase64(text ?? "") : null,
  );
  return isSigned(secret, signedText(`${id}.${timestamp}.`, body), signatures);
}

/** Return what happened to a message; null if the webhook is about something else. */
function emailEvent(body: Record<string, unknown> | null): EmailEvent | null {
  const type = KIND.exec(String(body?.["type"]))?.[1];
  const data = body?.["data"] as Record<string, unknown> | undefined;
  const message = data?.["email_id"];
  const at = new Date(String(body?.["created_at"]));
  if (!type || typeof message !== "string" || Number.isNaN(at.getTime())) return null;
  const to = data?.["to"];
  const recipient = Array.isArray(to) ? to.join(", ") : null;
  return { message, type, recipient, at: at.toISOString() };
}
