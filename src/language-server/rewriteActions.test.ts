import { expect, test } from "vitest";
import { offers } from "../rewrites/driver.ts";
import { printCompact } from "../program/printCompact.ts";
import { read } from "../syntax/read.ts";
import { EXAMPLES, exampleDocument, exampleText, positionOf, URI } from "./examples.testing.ts";
import { openDocument } from "./languageDocument.ts";
import type { LanguageDocument } from "./languageDocument.ts";
import { changedText } from "./renames.ts";
import { rewriteActions, selectionIn } from "./rewriteActions.ts";
import type { RewriteData } from "./rewriteActions.ts";
import { rewriteEdit } from "./rewriteEdit.ts";
import { applyStep, UNBOUND } from "../rewrites/driver.ts";

function rangeOfText(document: LanguageDocument, from: string, to: string) {
  return { start: positionOf(document, from), end: positionOf(document, to, to.length) };
}

test("the rules of a range are offered what the inspector offers, with its verdicts and sentences", () => {
  const document = exampleDocument("kvs");
  const range = rangeOfText(document, "acks(src, sig, val, cnt) :-", "c1 != c2, client(c)");
  const selection = selectionIn(document, range)!;
  expect(selection.rules).toHaveLength(6);
  const actions = rewriteActions(document, range, URI);
  const made = offers(document.analyzed, selection);
  expect(actions).toHaveLength(made.length);
  expect(actions[0]).toMatchObject({
    title: "Mutually independent decoupling: applies",
    kind: "refactor.rewrite",
  });
  expect(actions[0]!.disabled).toBeUndefined();
  for (const action of actions.filter((a) => a.disabled !== undefined)) {
    const offer = made.find((o) => action.title.startsWith(o.title) && o.verdict !== "holds")!;
    const against = offer.preconditions.find((c) => c.verdict === offer.verdict)!;
    expect(action.disabled!.reason).toContain(against.statement.replaceAll("`", ""));
  }
});

test("a component's name stands for all of its rules", () => {
  const document = exampleDocument("kvs");
  const at = positionOf(document, "component storage", 12);
  expect(selectionIn(document, { start: at, end: at })).toEqual({
    component: "storage",
    rules: [],
  });
});

test("nothing is offered while the text has an error", () => {
  const document = openDocument({ text: `${exampleText("kvs")}broken(x :- \n` });
  const range = rangeOfText(document, "acks(src", "acks(src");
  expect(rewriteActions(document, range, URI)).toEqual([]);
});

test("the edit moves the rules, keeps comments and layout of the others, and maps the deployment", () => {
  const text = exampleText("voting").replace(
    "  voteReq(id, x)@async(p)",
    "  // the question\n  voteReq( id, x )@async(p)",
  );
  const { deployment } = exampleDocument("voting").input;
  const document = openDocument({ text, deployment: deployment! });
  const [action] = rewriteActions(
    document,
    rangeOfText(document, "votes(s, id) :- vote", "client(c)"),
    URI,
  );
  const edit = rewriteEdit(document, (action!.data as RewriteData).steps);
  if (edit.kind === "refused") throw new Error(edit.message);
  expect(changedText(text, edit.changes)).toMatchInlineSnapshot(`
    "// Voting: a leader asks every participant, and answers the client when all have voted.
    // What is known of a command is forgotten once it is committed.

    edb fwd_collector(named: address, actual: address)

    component leader {
      // the question
      voteReq( id, x )@async(p) :- in(id, x), participants(p)
    }

    component collector {
      votes(s, id) :- vote(s, id)
      votes(s, id)@next :- votes(s, id), !committed(id)
      numVotes(count<s>, id) :- votes(s, id)
      committed(id) :- numVotes(n, id), quorum(n)
      reply(id)@async(c) :- committed(id), client(c)
    }

    component participant {
      vote(l, id)@async(d2) :- voteReq(id, x), leader(d), self(l), fwd_collector(d, d2)
    }
    "
  `);
  expect(Object.keys(edit.deployment!.instances)).toHaveLength(3);
});

test.each(EXAMPLES.filter((name) => name !== "paxos"))(
  "every rewrite that applies to a single rule of %s gives as text the program that it gives",
  (name) => {
    const document = exampleDocument(name);
    for (const component of document.analyzed.program.components) {
      for (const rule of component.rules.slice(0, 4)) {
        const selection = { component: component.name, rules: [rule.id] };
        for (const offer of offers(document.analyzed, selection)) {
          if (offer.verdict !== "holds") continue;
          const edit = rewriteEdit(document, offer.steps);
          if (edit.kind === "refused") throw new Error(edit.message);
          let after = document.analyzed;
          for (const step of offer.steps) {
            const result = applyStep(after, step, UNBOUND);
            if (result.kind !== "applied") throw new Error(result.kind);
            after = result.program;
          }
          const whole = edit.changes[0]!.span.end === document.text.length;
          expect(whole, "the text is changed rule by rule").toBe(false);
          const again = read(changedText(document.text, edit.changes));
          expect(printCompact(again.program)).toBe(printCompact(after.program));
        }
      }
    }
  },
);

test("in paper notation the text stays in paper notation", () => {
  const text = [
    "component leader {",
    "  voteReq(id,p,t') :- in(id,l,t), participants(p), delay((id,l,t,p),t')",
    "  votes(s,id,l,t) :- vote(s,id,l,t)",
    "  votes(s,id,l,t') :- votes(s,id,l,t), t'=t+1",
    "}",
  ].join("\n");
  const document = openDocument({ text });
  expect(document.read.dialect).toBe("paper");
  const at = positionOf(document, "votes(s,id,l,t) :-");
  const end = positionOf(document, "t'=t+1");
  const action = rewriteActions(document, { start: at, end }, URI).find(
    (a) => a.disabled === undefined,
  )!;
  const edit = rewriteEdit(document, (action.data as RewriteData).steps);
  if (edit.kind === "refused") throw new Error(edit.message);
  const after = read(changedText(text, edit.changes));
  expect(after.dialect).toBe("paper");
  expect(after.program.components).toHaveLength(2);
});

test("steps that do not fit the text any longer are refused with a sentence", () => {
  const document = openDocument({ text: "p(x) :- q(x)\n" });
  const target = { component: "gone", rules: [], name: "x" };
  expect(rewriteEdit(document, [{ rewrite: "decoupleFunctional", target }])).toMatchObject({
    kind: "refused",
  });
});
