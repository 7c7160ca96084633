/** Waits for a condition, also outside of a test, where `expect.poll` cannot be. */
export async function until<T>(what: string, look: () => Promise<T> | T, wanted: T, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let last: T | undefined;
  for (;;) {
    last = await look();
    if (last === wanted) return;
    if (Date.now() > deadline) throw new Error(`${what}: ${String(wanted)} was wanted, and it stayed ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
