/** The tokens of tokens.css that a picture needs: a file of its own has no style sheet of ours. */
export const INKS = {
  light: {
    surface: "#ffffff",
    bg: "#f4f5f8",
    sunk: "#eef0f4",
    ink: "#1a1f2b",
    ink2: "#465064",
    ink3: "#5f697b",
    next: "#8a2ba8",
    nextTint: "#f6e9fa",
    async: "#0b6b80",
    asyncTint: "#e0f3f6",
    sync: "#3a4250",
    ok: "#0a7a55",
    okTint: "#e4f6ee",
    no: "#a0142f",
    noTint: "#fbe7eb",
    border: "#838c9c",
  },
  dark: {
    surface: "#171b22",
    bg: "#0f1217",
    sunk: "#12161c",
    ink: "#e7eaf0",
    ink2: "#b9c1cf",
    ink3: "#939daf",
    next: "#e882d2",
    nextTint: "#361c31",
    async: "#45c3ec",
    asyncTint: "#0f2f3d",
    sync: "#b9c1cf",
    ok: "#7fe0b4",
    okTint: "#123328",
    no: "#ff7a6b",
    noTint: "#3f1c1d",
    border: "#6f7a8d",
  },
} as const;

export type Scheme = keyof typeof INKS;
export type Inks = Readonly<Record<keyof (typeof INKS)["light"], string>>;

export const SANS = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
export const MONO = "'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace";
