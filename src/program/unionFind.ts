/** Texts in classes that are joined two by two; each class goes by one of its members. */
export class UnionFind {
  readonly #parent = new Map<string, string>();

  /** The member that its class goes by. */
  find(key: string): string {
    let root = key;
    for (let up = this.#parent.get(root); up !== undefined; up = this.#parent.get(root)) root = up;
    for (let at = key; at !== root;) {
      const up = this.#parent.get(at)!;
      this.#parent.set(at, root);
      at = up;
    }
    return root;
  }

  /** Joins the classes of two texts, which then go by that of the first. */
  join(a: string, b: string): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.#parent.set(y, x);
  }
}
