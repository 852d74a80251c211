import type { Send } from "../evaluator/nodeEngine.ts";
import type { Image } from "./image.ts";
import type { Interned } from "./interned.ts";
import { sendText } from "./machine.ts";
import type { Input } from "./machine.ts";
import type { IntLists } from "./intLists.ts";
import type { OriginalStates } from "./originalStates.ts";
import type { Places } from "./places.ts";
import type { Renaming } from "./renaming.ts";

/** What is numbered. */
export interface Numbered {
  readonly places: Places;
  readonly original: OriginalStates;
  readonly inputs: readonly Input[];
  readonly outputs: Interned<Send>;
}

export function imageOf(renaming: Renaming, numbered: Numbered): Image {
  const { places, original, inputs, outputs } = numbered;
  const { lists } = places;
  const texts = inputs.map(sendText);
  const input = (kind: number): number => texts.indexOf(sendText(renaming.send(inputs[kind]!)));
  const sets = (by: Renaming): Pick<Image, "outputs" | "set"> => {
    const output = (number: number): number => outputs.id(by.send(outputs.value(number)));
    const listed = ofLists(lists, output);
    const image = { ...renamedPlaces(original.places, by), outputs: listed };
    return { outputs: listed, set: once((set) => original.renamed(set, image)) };
  };
  return {
    ...renamedPlaces(places, renaming),
    renaming,
    inputs: ofLists(lists, input),
    ...sets(renaming),
    setBefore: sets(renaming.inverse).set,
  };
}

function renamedPlaces(places: Places, renaming: Renaming): Pick<Image, "nodes" | "place"> {
  const { nodes } = places.machine;
  const images = nodes.map(({ address }) => {
    const name = renaming.address(address);
    return nodes.findIndex((node) => node.address === name);
  });
  const place = images.map((image, node) =>
    once((number) => places.renamed(node, number, image, renaming)),
  );
  return { nodes: images, place: (node, number) => place[node]!(number) };
}

/** Member by member, ascending again. */
function ofLists(lists: IntLists, of: (member: number) => number): (list: number) => number {
  return once((list) =>
    lists.id(
      lists
        .array(list)
        .map(of)
        .sort((a, b) => a - b),
    ),
  );
}

function once(compute: (number: number) => number): (number: number) => number {
  const known: (number | undefined)[] = [];
  return (number) => (known[number] ??= compute(number));
}
