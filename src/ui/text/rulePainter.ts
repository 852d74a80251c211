import type { editor } from "monaco-editor/editor/editor.api.js";
import { ruleSpan } from "../../workers/rulePlaces.ts";
import { markDecorations, ruleDecorations } from "./decorations.ts";
import { oneTaskEach } from "./oneTaskEach.ts";
import { ruleLooks } from "./ruleLooks.ts";
import type { Decorated, RuleLook } from "./ruleLooks.ts";

/** So many rules are painted in one task: a few milliseconds. */
const RULES_A_PIECE = 150;

interface Piece {
  readonly collection: editor.IEditorDecorationsCollection;
  /** Of the text that it was painted on, and the looks then; undefined before the first time. */
  painted: { readonly version: number; readonly looks: readonly RuleLook[] } | undefined;
}

/**
 * Paints the rules of a program piece by piece: those in sight at once, the others in tasks of their own, so that
 * thousands of rules keep nobody waiting.
 */
export class RulePainter {
  private readonly target: editor.ICodeEditor;
  private readonly marks: editor.IEditorDecorationsCollection;
  private readonly pieces: Piece[] = [];
  private stopWaiting: () => void = () => undefined;
  private model: editor.ITextModel | null = null;

  constructor(target: editor.ICodeEditor) {
    this.target = target;
    this.marks = target.createDecorationsCollection();
  }

  paint(input: Decorated): void {
    this.stop();
    const model = this.target.getModel();
    if (model === null) return;
    if (model !== this.model) {
      // The decorations have gone with the model they were on.
      for (const piece of this.pieces) piece.painted = undefined;
      this.model = model;
    }
    this.marks.set(markDecorations(input));
    const looks = ruleLooks(input);
    const count = Math.ceil(looks.length / RULES_A_PIECE);
    for (const surplus of this.pieces.splice(count)) surplus.collection.clear();
    while (this.pieces.length < count) {
      this.pieces.push({
        collection: this.target.createDecorationsCollection(),
        painted: undefined,
      });
    }
    const inSight = this.sight(model, input);
    const later: (() => void)[] = [];
    for (const [index, piece] of this.pieces.entries()) {
      const own = looks.slice(index * RULES_A_PIECE, (index + 1) * RULES_A_PIECE);
      const draw = (): void => paintPiece(piece, model.getVersionId(), own, input);
      if (inSight(own)) draw();
      else later.push(draw);
    }
    const version = model.getVersionId();
    // Spans of another text: what is computed of the new one paints it.
    const fits = (): boolean =>
      this.target.getModel() === model && model.getVersionId() === version;
    this.stopWaiting = oneTaskEach(later, fits);
  }

  /** What has not been painted yet stays as it is. */
  stop(): void {
    this.stopWaiting();
  }

  /** Whether a piece of the text can be seen. */
  private sight(
    model: editor.ITextModel,
    { view }: Decorated,
  ): (looks: readonly RuleLook[]) => boolean {
    const ranges = this.target.getVisibleRanges().map((range) => ({
      start: model.getOffsetAt({ lineNumber: range.startLineNumber, column: 1 }),
      end: model.getOffsetAt({
        lineNumber: range.endLineNumber,
        column: model.getLineMaxColumn(range.endLineNumber),
      }),
    }));
    return (looks) => {
      const [first, last] = [looks[0]?.rule, looks.at(-1)?.rule];
      if (first === undefined || last === undefined) return false;
      const [{ start }, { end }] = [ruleSpan(view, first), ruleSpan(view, last)];
      return ranges.some((range) => start <= range.end && end >= range.start);
    };
  }
}

function paintPiece(
  piece: Piece,
  version: number,
  looks: readonly RuleLook[],
  input: Decorated,
): void {
  const { painted } = piece;
  if (painted?.version === version && sameLooks(painted.looks, looks)) return;
  piece.collection.set(looks.flatMap((look) => ruleDecorations(look, input)));
  piece.painted = { version, looks };
}

function sameLooks(a: readonly RuleLook[], b: readonly RuleLook[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ rule, first, selected, mark }, index) => {
      const other = b[index]!;
      return (
        rule === other.rule &&
        first === other.first &&
        selected === other.selected &&
        mark?.content === other.mark?.content &&
        mark?.inlineClassName === other.mark?.inlineClassName
      );
    })
  );
}
