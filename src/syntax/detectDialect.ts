import type { IToken } from "chevrotain";
import type { Dialect } from "./dialect.ts";
import { DIALECTS } from "./dialect.ts";
import { callsDatalog } from "./hydroflowText.ts";
import type { Scanned } from "./tokens.ts";
import * as words from "./tokens.ts";

/** Which notation a text is in: what its first comment says, else what only one of them has. */
export function detectDialect(text: string): Dialect {
  return detectFromText(text) ?? detectFromTokens(words.scan(text));
}

/** What need not be taken apart to be seen; nothing where only the words tell compact from paper notation. */
export function detectFromText(text: string): Dialect | undefined {
  const said = saidDialect(text);
  if (said !== undefined) return said;
  if (callsDatalog(text)) return "hydroflow";
  const bare = bareText(text);
  if (isHydroflow(bare)) return "hydroflow";
  return isMolly(bare) ? "molly" : undefined;
}

/** Strings, snippets and comments of any notation; what is not closed ends where the lexers end it. */
const QUOTED_OR_SAID = new RegExp(
  [
    /"(?:\\.|[^"\\\n\r])*"?/,
    /[“”](?:\\.|[^"“”\\\n\r])*["“”]?/,
    /`[^`]*`/,
    /(?:\/\/|#)[^\n\r]*/,
    /\/\*[^]*?(?:\*\/|$)/,
    // Elsewhere it is modulo.
    /(?<=(?:^|[\n\r;.])[ \t]*)%[^\n\r]*/,
  ]
    .map((pattern) => pattern.source)
    .join("|"),
  "g",
);

/** The text with empty strings and without snippets and comments. */
function bareText(text: string): string {
  return text.replace(QUOTED_OR_SAID, (found) => (/^["“”]/.test(found) ? '""' : " "));
}

/** An `include`, `notin`, a tick or a bare `@async`; or every line that ends a rule ends it with `;`. */
function isMolly(bare: string): boolean {
  if (/@async\s*[({]|^[ \t]*component\s/m.test(bare)) return false;
  if (/^[ \t]*include[ \t]*""[ \t]*;/m.test(bare) || /\bnotin\s+[A-Za-z]/.test(bare)) return true;
  if (/\)\s*@(?:\d|async\b)/.test(bare)) return true;
  // A rule goes on where the next line begins with an arrow.
  const ends = bare.match(/\)(?:@next)?[ \t]*(?:;[ \t]*)?$(?!\s*(?::-|<-|,))/gm) ?? [];
  return ends.length > 0 && /:-/.test(bare) && ends.every((end) => end.includes(";"));
}

/** `dialect: paper` in a comment before anything else, however that notation begins its comments. */
function saidDialect(text: string): Dialect | undefined {
  const first = /^\s*(?:\/\/|#|%|\/\*)[^\n\r]*/.exec(text)?.[0];
  const said = first?.match(/dialect:\s*([a-z]+)/)?.[1];
  return DIALECTS.find((d) => d === said);
}

/** `votes(s, max(i)) …`: no other notation has parentheses within those of a head. */
const AGGREGATING_HEAD =
  /^[ \t]*\w+(?:@[^\s(]+)?\([^()\n]*\b(?:min|max|sum|count|choose|collect_vec|index)\(/m;

/** The arrows and declarations that no other notation has. */
function isHydroflow(bare: string): boolean {
  return (
    /[(,]\s*count\(\s*\*\s*\)/.test(bare) ||
    AGGREGATING_HEAD.test(bare) ||
    /[(,]\s*\*\s*[A-Za-z_(]/.test(bare) ||
    /^[ \t]*\.(?:input|output|static|async|persist)[ \t]+[A-Za-z_]/m.test(bare) ||
    /\)\s*:[+~]/.test(bare)
  );
}

/** Compact or paper. */
export function detectFromTokens(scanned: Scanned): "compact" | "paper" {
  let timedHeads = 0;
  const { tokens } = scanned;
  for (let i = 0; i < tokens.length; i++) {
    i = pastGlobalHead(tokens, i);
    const token = tokens[i];
    if (token === undefined) break;
    if (token.tokenType === words.NextTag || token.tokenType === words.AsyncTag) return "compact";
    if (isDelay(tokens, i) || isNextTick(tokens, i)) return "paper";
    if (isTurnstile(token)) timedHeads += endsInTime(tokens, i) ? 1 : -1;
  }
  return timedHeads > 0 ? "paper" : "compact";
}

/** `invariant r(x) :-` and `global r(x)@next :-`, which are the same in both: what comes behind them. */
function pastGlobalHead(tokens: readonly IToken[], start: number): number {
  const { image } = tokens[start]!;
  if (image !== "invariant" && image !== "global") return start;
  if (tokens[start + 2]?.tokenType !== words.LeftParenthesis) return start;
  let end = start + 2;
  for (let depth = 0; end < tokens.length; end++) {
    const type = tokens[end]!.tokenType;
    if (type === words.LeftParenthesis) depth++;
    if (type === words.RightParenthesis && --depth === 0) break;
  }
  if (tokens[end + 1]?.tokenType === words.NextTag) end++;
  const after = tokens[end + 1];
  return after !== undefined && isTurnstile(after) ? end + 2 : end + 1;
}

function isTurnstile(token: IToken): boolean {
  return token.tokenType === words.Turnstile || token.tokenType === words.LeftArrow;
}

/** `delay((` or `delay(t,t')` */
function isDelay(tokens: readonly IToken[], i: number): boolean {
  return tokens[i]!.image === "delay" && tokens[i + 1]?.tokenType === words.LeftParenthesis;
}

/** `t'=t+1` */
function isNextTick(tokens: readonly IToken[], i: number): boolean {
  return (
    tokens[i]!.tokenType === words.Identifier &&
    /['’′]$/.test(tokens[i]!.image) &&
    tokens[i + 1]?.tokenType === words.SingleEqual &&
    tokens[i + 3]?.tokenType === words.Plus
  );
}

/** A head whose last two attributes look like a location and a time: `…, l, t) :-`. */
function endsInTime(tokens: readonly IToken[], turnstile: number): boolean {
  const [location, comma, time, close] = tokens.slice(Math.max(0, turnstile - 4), turnstile);
  return (
    close?.tokenType === words.RightParenthesis &&
    /^(?:t\d*|time)['’′]*$/.test(time?.image ?? "") &&
    comma?.tokenType === words.Comma &&
    location?.tokenType === words.Identifier
  );
}
