import type { Attribute, Declaration, Rule } from "./program.ts";
import { printValue, writeHead, writeLiteral } from "./printTerm.ts";
import { SpanWriter } from "./spanWriter.ts";

const WIDTH = 100;

/** A declaration on one line, the same in every notation that has declarations. */
export function printDeclaration(declaration: Declaration): string {
  switch (declaration.kind) {
    case "relation": {
      const { role, relation, attributes, rows } = declaration;
      const contents = rows === undefined ? "" : ` = ${printRows(rows)}`;
      return `${role} ${relation}(${printAttributes(attributes)})${contents}`;
    }
    case "timer":
      return `timer ${declaration.relation} every ${declaration.periodMs}ms`;
    case "invariant":
    case "global":
      return `${declaration.kind} ${declaration.rule === undefined ? declaration.relation : ruleParts(declaration.rule).join(" ")}`;
    case "durable":
    case "sink":
      return `${declaration.kind} ${declaration.relation}`;
    case "injective":
      return `injective ${declaration.function}`;
    case "dependency": {
      const through = declaration.function === undefined ? "" : `[${declaration.function}] `;
      const from = declaration.from.length === 0 ? "" : ` ${declaration.from.join(", ")}`;
      return `fd ${declaration.relation}:${from} -> ${through}${declaration.to}`;
    }
    case "function": {
      const inputs = printAttributes(declaration.inputs);
      const outputs = printAttributes(declaration.outputs);
      const arrow = outputs === "" ? "" : inputs === "" ? `-> ${outputs}` : ` -> ${outputs}`;
      return `function ${declaration.function}(${inputs}${arrow})`;
    }
    case "snippet": {
      const texts = declaration.snippets.map((text) => ` ${printValue(text)}`).join("");
      return `snippet ${declaration.relation} ${declaration.role}${texts}`;
    }
    case "within":
      return `within ${declaration.relation}.${declaration.attribute} of ${declaration.of}`;
  }
}

/** The same where a rule that is too long for a line has its body on a line of its own. */
export function printDeclarationWrapped(declaration: Declaration, indent: string): string {
  const line = printDeclaration(declaration);
  if (!("rule" in declaration) || declaration.rule === undefined) return line;
  const [head, body] = ruleParts(declaration.rule);
  const isShort = body === undefined || indent.length + line.length <= WIDTH;
  return isShort ? line : `${declaration.kind} ${head}\n${indent}  ${body}`;
}

/** The head, with the arrow where a body follows, and the body. */
function ruleParts({ head, body }: Omit<Rule, "id">): readonly [string, string?] {
  const written = new SpanWriter();
  writeHead(written, head, []);
  if (body.length === 0) return [written.text()];
  written.write(" :-");
  const literals = body.map((literal) => {
    const writer = new SpanWriter();
    writeLiteral(writer, literal, []);
    return writer.text();
  });
  return [written.text(), literals.join(", ")];
}

function printAttributes(attributes: readonly Attribute[]): string {
  return attributes.map((a) => (a.type === undefined ? a.name : `${a.name}: ${a.type}`)).join(", ");
}

function printRows(rows: readonly (readonly Parameters<typeof printValue>[0][])[]): string {
  if (rows.length === 0) return "{}";
  return `{ ${rows.map((row) => `(${row.map(printValue).join(", ")})`).join(", ")} }`;
}
