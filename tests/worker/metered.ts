// The Worker as it is; it also logs how many rows D1 reads and writes for each batch of a queue.
import type { Env } from "../../worker/src/env";
import worker from "../../worker/src/index";

export default {
  ...worker,
  queue: (batch: MessageBatch, env: Env) =>
    worker.queue(batch, { ...env, DB: metered(env.DB) }),
} satisfies ExportedHandler<Env>;

function metered(db: D1Database): D1Database {
  return {
    prepare: db.prepare.bind(db),
    batch: async (statements: D1PreparedStatement[]) => {
      const results = await db.batch(statements);
      const sum = (name: "rows_read" | "rows_written") =>
        results.reduce((total, { meta }) => total + meta[name], 0);
      console.log(
        `metered: ${sum("rows_read")} read, ${sum("rows_written")} written`,
      );
      return results;
    },
  } as D1Database;
}
