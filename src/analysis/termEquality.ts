import type { HeadTerm, Rule, Term } from "../program/program.ts";
import { valueKey } from "../program/value.ts";

/** Whether a rule forces two of its terms to be equal. */
export type TermEquality = (a: HeadTerm, b: HeadTerm) => boolean;

const memo = new WeakMap<Rule, TermEquality>();

/**
 * ≡ of rewrites.md section 4: equality forced by shared variables, equal constants and explicit `==`; expressions are
 * equal when their parts are. A `:=` forces nothing here, `_` and aggregates equal nothing, not even themselves.
 */
export function termEquality(rule: Rule): TermEquality {
  let equality = memo.get(rule);
  if (equality === undefined) memo.set(rule, (equality = computeEquality(rule)));
  return equality;
}

function computeEquality(rule: Rule): TermEquality {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    let root = key;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    return root;
  };
  const classOf = (term: HeadTerm): string | undefined => {
    const key = termKey(term, (inner) => classOf(inner));
    return key === undefined ? undefined : find(key);
  };
  const equations = rule.body.flatMap((literal): readonly (readonly [Term, Term])[] =>
    literal.kind === "comparison" && literal.operator === "=="
      ? [[literal.left, literal.right]]
      : [],
  );
  for (let merged = true; merged;) {
    merged = false;
    for (const [left, right] of equations) {
      const [a, b] = [classOf(left), classOf(right)];
      if (a === undefined || b === undefined || a === b) continue;
      parent.set(b, a);
      merged = true;
    }
  }
  return (a, b) => {
    const key = classOf(a);
    return key !== undefined && key === classOf(b);
  };
}

function termKey(term: HeadTerm, inner: (term: Term) => string | undefined): string | undefined {
  switch (term.kind) {
    case "variable":
      return `v:${term.name}`;
    case "constant":
      return `c:${valueKey(term.value)}`;
    case "wildcard":
    case "aggregate":
      return undefined;
    case "arithmetic": {
      const [left, right] = [inner(term.left), inner(term.right)];
      return left === undefined || right === undefined
        ? undefined
        : `(${left}${term.operator}${right})`;
    }
    case "tuple": {
      const parts = term.terms.map(inner);
      return parts.includes(undefined) ? undefined : `[${parts.join(";")}]`;
    }
  }
}
