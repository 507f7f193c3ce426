// Runs the Worker and the one that hands it batches, with a D1 on disk; says its address.
// Arguments: worker/, where the two Workers stand as bundles, where D1 writes, D1's ID.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [worker, bundles, state, database] = process.argv.slice(2);
const { Miniflare } = createRequire(`${worker}/`)("miniflare");

const named = (name) => ({
  name,
  modules: true,
  script: readFileSync(`${bundles}/${name}.js`, "utf8"),
  compatibilityDate: "2026-04-01",
  compatibilityFlags: ["service_binding_extra_handlers"],
});
const running = new Miniflare({
  d1Persist: state,
  workers: [
    { ...named("shop"), serviceBindings: { MEAUX: "index" } },
    {
      ...named("index"),
      d1Databases: { DB: database },
      bindings: { ROUTES: "yes" },
    },
  ],
});
console.log((await running.ready).origin);
