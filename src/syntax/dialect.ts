/** The notations that are read and printed (language.md section 2). */
export type Dialect = "compact" | "paper" | "hydroflow" | "molly" | "prototype";
export const DIALECTS: readonly Dialect[] = ["compact", "paper", "hydroflow", "molly", "prototype"];
