// Reads all of the standard input before it answers.
import { readFileSync } from "node:fs";
import { verdicts } from "./guard.bundle.mjs";

console.log(verdicts(readFileSync(0, "utf8")));
