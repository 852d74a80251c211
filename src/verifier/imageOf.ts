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
  const states = (by: Renaming): Pick<Image, "nodes" | "place" | "outputs"> => {
    const output = (number: number): number => outputs.id(by.send(outputs.value(number)));
    return { ...renamedPlaces(original.places, by), outputs: ofLists(lists, output) };
  };
  const [there, back] = [states(renaming), states(renaming.inverse)];
  return {
    ...renamedPlaces(places, renaming),
    renaming,
    inputs: ofLists(lists, input),
    outputs: there.outputs,
    set: once((set) => original.renamed(set, there)),
    setBefore: once((set) => original.renamed(set, back)),
  };
}

function renamedPlaces(places: Places, renaming: Renaming): Pick<Image, "nodes" | "place"> {
  const { machine } = places;
  const { nodes, messages } = machine;
  const images = nodes.map(({ address }) => {
    const name = renaming.address(address);
    return nodes.findIndex((node) => node.address === name);
  });
  const message = once((number) => messages.id(renaming.send(messages.value(number))));
  const fact = once((number) => machine.renamedFact(number, renaming));
  const place = images.map((image, node) => {
    const state = once((number) => machine.renamedState(node, number, image, fact));
    return once((number) => places.renamed(node, number, image, { state, message }));
  });
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
