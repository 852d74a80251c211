import { expect, test } from "vitest";
import { deploymentAfter, expectRename } from "./renamedTexts.ts";

const from = { text: "p(x) :- in(x)", deployment: { input: "in" } };
const to = { text: "p(x) :- req(x)", deployment: { input: "req" } };

test("the deployment goes along with a rename, back when it is undone, and again when it is redone", () => {
  expect(deploymentAfter(from, to.text)).toBeUndefined();
  expectRename(from, to);
  expect(deploymentAfter(from, to.text)).toEqual({ deployment: to.deployment });
  expect(deploymentAfter(to, from.text)).toEqual({ deployment: from.deployment });
});

test("any other change of the text leaves the deployment alone", () => {
  expectRename(from, to);
  expect(deploymentAfter(from, "p(x) :- reques(x)")).toBeUndefined();
  expect(deploymentAfter({ ...from, deployment: { input: "other" } }, to.text)).toBeUndefined();
});
