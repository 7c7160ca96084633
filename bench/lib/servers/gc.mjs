// Loaded ahead of a server (`--import`): says on request what is left in its memory after a collection.
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.stdout.write(`bench ${JSON.stringify({ rss, heap: heapUsed + external, cpuMs: (user + system) / 1000 })}\n`);
});
