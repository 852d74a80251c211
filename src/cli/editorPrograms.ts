import { basename, dirname, join, resolve } from "node:path";
import { openDocument } from "../language-server/languageDocument.ts";
import type { LanguageDocument } from "../language-server/languageDocument.ts";
import type { ProgramFile } from "../language-server/inFile.ts";
import type { OpenProgram } from "../language-server/ownPlaces.ts";
import type { TextFile } from "../language-server/textFiles.ts";
import { includedFiles } from "../syntax/includedFiles.ts";
import { ParsedRules } from "../syntax/parsedRules.ts";
import { besidePath, foldersUpTo, pathOf } from "./editorTexts.ts";
import type { EditorTexts } from "./editorTexts.ts";

/** What was found out from texts, as long as they stay the same. */
interface Kept<T> {
  readonly text: string;
  readonly reads: ReadonlyMap<string, string | undefined>;
  readonly value: T;
}

/** Which programs the editor's files belong to. */
export class EditorPrograms {
  private readonly texts: EditorTexts;
  private folders: readonly string[] = [];
  private readonly documents = new Map<string, Kept<LanguageDocument>>();
  private readonly rules = new Map<string, ParsedRules>();
  private readonly included = new Map<string, Kept<ReadonlySet<string>>>();

  constructor(texts: EditorTexts) {
    this.texts = texts;
  }

  /** What the editor has open as its project: programs are looked for up to there. */
  setFolders(uris: readonly string[]): void {
    this.folders = uris.flatMap((uri) => {
      const path = pathOf(uri);
      return path === undefined ? [] : [resolve(path)];
    });
  }

  /** What is kept of closed files is of no more use; and files may have come or gone. */
  lookAgain(): void {
    this.texts.lookAgain();
    this.documents.clear();
    this.rules.clear();
    this.included.clear();
  }

  /** An open file in each program that it belongs to: one that includes it, or is made of it. */
  files(uri: string): readonly ProgramFile[] {
    return this.of(uri).flatMap((program) => {
      const file = program.document.files[program.uris.indexOf(uri)];
      return file === undefined ? [] : [{ program, file }];
    });
  }

  /** All that open files belong to. */
  all(): readonly OpenProgram[] {
    const found = this.texts.openUris().flatMap((uri) => this.of(uri));
    return [...new Map(found.map((program) => [program.uris[0], program])).values()];
  }

  private of(uri: string): readonly OpenProgram[] {
    const text = this.texts.openText(uri);
    if (text === undefined) return [];
    const path = pathOf(uri);
    if (path === undefined) return [this.textAlone(uri, text)];
    return this.programsOf(path).flatMap((own) => this.program(own) ?? []);
  }

  /** Of files that include each other, the first one opened is the program. */
  private programsOf(path: string): readonly string[] {
    const open = this.texts.openUris().flatMap((uri) => pathOf(uri) ?? []);
    const near = foldersUpTo(dirname(path), this.folders);
    const known = new Set([...open, ...near.flatMap((f) => this.texts.includingFiles(f))]);
    const candidates = [...known].filter((own) => own === path || this.reads(own, path));
    return candidates.filter(
      (own, i) =>
        !candidates.some(
          (other, j) => this.reads(other, own) && (j < i || !this.reads(own, other)),
        ),
    );
  }

  /** Whether one file includes another, directly or by way of others. */
  private reads(own: string, other: string): boolean {
    if (own === other) return false;
    const text = this.texts.fileText(own);
    if (text === undefined) return false;
    const paths = this.kept(this.included, own, text, (include) => {
      const found = includedFiles(text, { fileName: basename(own), include });
      return new Set(found.map((path) => join(dirname(own), path)));
    });
    return paths.has(other);
  }

  private program(path: string): OpenProgram | undefined {
    const text = this.texts.fileText(path);
    if (text === undefined) return undefined;
    const document = this.kept(this.documents, path, text, (include, reads) => {
      const deployment = this.texts.deploymentBeside(path)?.deployment;
      // Read again when the deployment changes, comes or goes.
      const beside = besidePath(path);
      reads.set(beside, this.texts.fileText(beside));
      const input = { text, fileName: basename(path), include };
      return openDocument(
        deployment === undefined ? input : { ...input, deployment },
        this.rulesOf(path),
      );
    });
    const uris = document.files.map((file) => this.texts.uriOf(pathIn(path, file)));
    return { document, uris };
  }

  /** A text that is no file yet. */
  private textAlone(uri: string, text: string): OpenProgram {
    const document = this.kept(this.documents, uri, text, () =>
      openDocument({ text }, this.rulesOf(uri)),
    );
    return { document, uris: [uri] };
  }

  private rulesOf(key: string): ParsedRules {
    const known = this.rules.get(key) ?? new ParsedRules();
    this.rules.set(key, known);
    return known;
  }

  private kept<T>(
    among: Map<string, Kept<T>>,
    key: string,
    text: string,
    make: (
      include: (path: string) => string | undefined,
      reads: Map<string, string | undefined>,
    ) => T,
  ): T {
    const known = among.get(key);
    const same = (path: string, was: string | undefined): boolean =>
      this.texts.fileText(path) === was;
    if (known?.text === text && [...known.reads].every(([path, was]) => same(path, was)))
      return known.value;
    const reads = new Map<string, string | undefined>();
    const include = (path: string): string | undefined => {
      const file = join(dirname(key), path);
      reads.set(file, this.texts.fileText(file));
      return reads.get(file);
    };
    const value = make(include, reads);
    among.set(key, { text, reads, value });
    return value;
  }
}

function pathIn(program: string, { path }: TextFile): string {
  return path === undefined ? program : join(dirname(program), path);
}
