import type { Attribute, Declaration } from "./program.ts";
import { printValue } from "./printTerm.ts";

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
    case "durable":
    case "invariant":
    case "sink":
    case "global":
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

function printAttributes(attributes: readonly Attribute[]): string {
  return attributes.map((a) => (a.type === undefined ? a.name : `${a.name}: ${a.type}`)).join(", ");
}

function printRows(rows: readonly (readonly Parameters<typeof printValue>[0][])[]): string {
  if (rows.length === 0) return "{}";
  return `{ ${rows.map((row) => `(${row.map(printValue).join(", ")})`).join(", ")} }`;
}
