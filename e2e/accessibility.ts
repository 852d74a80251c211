import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "@playwright/test";
import type { Page } from "@playwright/test";

/**
 * What axe finds wrong in what is shown now, in light and in dark; between the two only the contrast of colours can
 * differ. Monaco's own parts are not ours. `within` is a selector: only this part is looked at, where the rest was before.
 */
export async function expectAccessible(
  page: Page,
  { within, without = [] }: { readonly within?: string; readonly without?: string[] } = {},
): Promise<void> {
  // A change of scheme is the dear part, so the next call begins where this one ends.
  const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  const schemes = isDark ? (["dark", "light"] as const) : (["light", "dark"] as const);
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await coloursSettled(page);
    // The app has no frames to bring together and nobody reads what is well: a fifth of the time.
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
    axe.exclude(".monaco-editor");
    if (within !== undefined) axe.include(within);
    if (colorScheme === schemes[1]) axe.withRules("color-contrast");
    else axe.disableRules(without);
    const { violations } = await axe.analyze();
    const faults = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${target.join(" ")} ${html}`),
    );
    expect(faults, colorScheme).toEqual([]);
  }
}

async function coloursSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    const changing = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(changing.map((each) => each.finished));
  });
}
