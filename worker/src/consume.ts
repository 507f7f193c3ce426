import type { Env } from "./env";
import { parsed } from "./parse";
import { record, type Message } from "./record";

/** Seconds before a batch that could not be written comes again. */
const LATER = 30;

/** Write a batch of the queue; if that fails, all of it comes again. */
export async function consume(batch: MessageBatch, env: Env): Promise<void> {
  const repeated: Message[] = [];
  const messages = batch.messages.map((message) => {
    const event = parsed(message.body);
    if (!event) console.warn(`Message ${message.id} is no event: skipped.`);
    const read = { id: message.id, events: event ? [event] : [] };
    if (message.attempts > 1) repeated.push(read);
    return read;
  });
  try {
    await record(env, messages, repeated);
    batch.ackAll();
  } catch (error) {
    console.error(`Not written, will be repeated: ${String(error)}`);
    batch.retryAll({ delaySeconds: LATER });
  }
}
