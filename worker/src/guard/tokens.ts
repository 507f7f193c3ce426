/** SQL text split as SQLite's own tokenizer does it; the dashboard's SQL console does the same. */

export type Kind =
  | "space"
  | "comment"
  | "text"
  | "name"
  | "parameter"
  | "named"
  | "number"
  | "word"
  | "open"
  | "end"
  | "sign";

export interface Token {
  kind: Kind;
  text: string;
}

/** A statement is not sent to the database; the message is the reason. */
export class Refused extends Error {}

const PATTERNS: [Kind, RegExp][] = [
  ["space", /[ \t\n\f\r]+/y],
  ["comment", /--[^\n]*|\/\*[^]*?\*\//y],
  // A text or a name never ends before its own quote: that would be a quote inside it.
  ["text", /'[^']*(?:''[^']*)*'(?!')/y],
  ["name", /"[^"]*(?:""[^"]*)*"(?!")|`[^`]*(?:``[^`]*)*`(?!`)|\[[^\]]*\]/y],
  ["parameter", /\?[0-9]*/y],
  ["named", /[:@$#][A-Za-z0-9_]+/y],
  ["number", /[0-9]+/y],
  ["word", /[A-Za-z_][A-Za-z0-9_$]*/y],
  ["open", /\/\*|['"`[]/y],
  ["end", /;/y],
  ["sign", /[-+*/%&|~<>=!(),.]/y],
];

/** Invisible characters, and characters that change the order in which others are shown. */
const UNSEEN = /[\0\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]/u;

const OPENED: Record<string, string> = {
  "/*": "comment",
  "'": "text",
  '"': "name",
  "`": "name",
  "[": "name",
};

const SQL_BYTES = 100_000;

/**
 * Return the tokens of one statement, without its end; a comment is a space, as in SQLite.
 *
 * Throws `Refused` if there is more than one statement, or text that SQLite doesn't accept.
 */
export function tokens(text: string): Token[] {
  const unseen = UNSEEN.exec(text)?.[0];
  if (unseen) throw new Refused(`Invisible character (U+${codePoint(unseen)}): remove it.`);
  if (new TextEncoder().encode(text).length > SQL_BYTES) {
    throw new Refused(`The statement is longer than D1's limit of ${SQL_BYTES / 1000} kB.`);
  }
  const found: Token[] = [];
  for (let place = 0; place < text.length; ) {
    const [token, length] = next(text, place);
    found.push(token);
    place += length;
  }
  return oneStatement(found);
}

/** Return the token that begins at a place, and its length in the text. */
function next(text: string, place: number): [Token, number] {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = place;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) continue;
    if (kind === "open") {
      throw new Refused(`Unclosed ${OPENED[found]}: ${found} has no end.`);
    }
    const token: Token = kind === "comment" ? { kind: "space", text: " " } : { kind, text: found };
    return [token, found.length];
  }
  throw new Refused(strange(String.fromCodePoint(text.codePointAt(place) ?? 0)));
}

function strange(character: string): string {
  if (character.charCodeAt(0) < 128) {
    const shown = JSON.stringify(character).slice(1, -1).replace("\\u00", "\\x");
    return `Unexpected character '${shown}'.`;
  }
  return (
    `Unexpected character ${character}. ` + "Put names in double quotes and text in single quotes."
  );
}

/** Return what stands before the first semicolon, behind which nothing may follow. */
function oneStatement(found: Token[]): Token[] {
  const place = found.findIndex((token) => token.kind === "end");
  if (place < 0) return found;
  if (found.slice(place).some((token) => token.kind !== "space" && token.kind !== "end")) {
    throw new Refused("Only one statement at a time.");
  }
  return found.slice(0, place);
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
