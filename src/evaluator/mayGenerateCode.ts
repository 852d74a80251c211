/** Whether text may become code here; a content security policy or Node's own option can forbid it. */
export function mayGenerateCode(): boolean {
  try {
    return Function("return true")() === true;
  } catch {
    return false;
  }
}
