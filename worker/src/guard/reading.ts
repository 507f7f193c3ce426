import { Refused, tokens, type Token } from "./tokens";

const PARAMETERS = 100;

const BEGINNINGS = new Set(["SELECT", "WITH", "VALUES"]);
const NO_PRAGMA = "PRAGMA is not allowed.";
const NO_BEGINNINGS: Record<string, string> = {
  ATTACH: "ATTACH is not allowed: only this database can be read.",
  PRAGMA: NO_PRAGMA,
  REPLACE: "REPLACE is not allowed: the gateway is read-only.",
  VACUUM: "VACUUM is not allowed: the gateway is read-only.",
};

/** Words that no read-only statement contains: SQLite accepts none of them as a name. */
const WRITING = new Set([
  "ALTER",
  "COMMIT",
  "CREATE",
  "DELETE",
  "DROP",
  "INSERT",
  "INTO",
  "RETURNING",
  "SET",
  "TRANSACTION",
  "UPDATE",
]);

const FORBIDDEN_FUNCTIONS = new Set(["fts3_tokenizer", "load_extension"]);

/** With these the dashboard reads the schema; none of them can write. */
const SCHEMA_PRAGMAS = new Set([
  "pragma_index_info",
  "pragma_index_list",
  "pragma_table_list",
  "pragma_table_xinfo",
]);

/** Refuse text that is not one statement, or that may do more than read. */
export function mustRead(sql: string): void {
  const found = tokens(sql);
  found.forEach(allow);
  refuseTextAsTable(found);
  const asked = behindExplain(found);
  begin(asked);
  countParameters(asked);
}

/** Refuse a token that stands in no reading statement. */
function allow(token: Token): void {
  const word = wordOf(token);
  if (WRITING.has(word)) throw new Refused(`${word} is not allowed: the gateway is read-only.`);
  if (token.kind === "word" || token.kind === "name") allowName(token);
  if (token.kind === "named" || token.text === "?") {
    throw new Refused(`Parameter ${token.text} has no number. Use ?1, ?2 and so on.`);
  }
}

function allowName(token: Token): void {
  const name = nameOf(token);
  if (FORBIDDEN_FUNCTIONS.has(name)) throw new Refused(`The function ${name} is not allowed.`);
  if (name.startsWith("pragma_") && !SCHEMA_PRAGMAS.has(name)) throw new Refused(NO_PRAGMA);
}

/** Refuse a pragma in single quotes where SQLite would take it for a table. */
function refuseTextAsTable(found: Token[]): void {
  const seen = found.filter((token) => token.kind !== "space");
  seen.forEach((token, place) => {
    const before = wordOf(seen[place - 1]);
    if (token.kind === "text" && (before === "FROM" || before === "JOIN")) allowName(token);
  });
}

/** Return the tokens behind EXPLAIN QUERY PLAN; all where that doesn't stand in front. */
function behindExplain(found: Token[]): Token[] {
  const places = [...found.keys()].filter((n) => found[n]?.kind !== "space").slice(0, 3);
  const words = places.map((n) => wordOf(found[n]));
  if (words[0] !== "EXPLAIN") return found;
  if (words[1] !== "QUERY" || words[2] !== "PLAN") {
    throw new Refused("Only EXPLAIN QUERY PLAN is allowed.");
  }
  return found.slice((places[2] ?? 0) + 1);
}

/** Refuse what begins like no reading statement. */
function begin(asked: Token[]): void {
  const first = asked.find((token) => token.kind !== "space");
  if (!first) throw new Refused("No statement entered.");
  const word = wordOf(first);
  const reason = NO_BEGINNINGS[word];
  if (reason) throw new Refused(reason);
  if (!BEGINNINGS.has(word)) {
    throw new Refused(`The statement starts with ${first.text}; use SELECT or WITH.`);
  }
}

function countParameters(asked: Token[]): void {
  const parameters = asked.filter((token) => token.kind === "parameter");
  const numbers = new Set(parameters.map((token) => Number(token.text.slice(1))));
  for (const number of numbers) {
    if (number < 1 || number > numbers.size) {
      throw new Refused("Number parameters from ?1 without gaps.");
    }
  }
  if (numbers.size > PARAMETERS) {
    throw new Refused(`${numbers.size} parameters; D1 allows ${PARAMETERS}.`);
  }
}

/** Return a name or a word without quotes and in lower case. */
function nameOf(token: Token): string {
  return token.text.replace(/^["'`[\]]+|["'`[\]]+$/g, "").toLowerCase();
}

/** Return a word in upper case; empty where it is none. */
function wordOf(token: Token | undefined): string {
  return token?.kind === "word" ? token.text.toUpperCase() : "";
}
