/*
 * The directions of ARCHITECTURE.md, one rule each:
 *   apps → react → client → protocol → domain,  engine-* and transport-* → client,  server → protocol → domain.
 * tools/test/import-rules.test.ts shows that each of them finds what it forbids.
 */
const packages = '(?:^|/)packages';
const inPackages = (...names) => `${packages}/(?:${names.join('|')})/`;
const sources = (...names) => `${packages}/(?:${names.join('|')})/src/`;
/** Where an installed package of that name resolves to, or what stands in the import when it is not installed. */
const npm = (...names) => `(?:^|node_modules/)(?:${names.join('|')})(?:/|$)`;
const testFiles = '\\.test\\.tsx?$|/test/|/e2e/';

const mayImport = (name, ...allowed) => ({
  name: `${name}-imports-only-${allowed.join('-') || 'itself'}`,
  comment: `${name} stands below everything that it does not name: see ARCHITECTURE.md.`,
  severity: 'error',
  from: { path: sources(name), pathNot: testFiles },
  to: { path: inPackages('[^/]+'), pathNot: inPackages(name, ...allowed) },
});

const onlyImporter = (library, owner) => ({
  name: `only-${owner}-imports-${library.replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '')}`,
  comment: `The types and faults of ${library} stay behind the port that ${owner} implements.`,
  severity: 'error',
  from: { pathNot: inPackages(owner) },
  to: { path: npm(library) },
});

module.exports = {
  forbidden: [
    mayImport('domain'),
    mayImport('protocol', 'domain'),
    mayImport('client', 'protocol', 'domain'),
    mayImport('react', 'client', 'protocol', 'domain'),
    mayImport('server', 'protocol', 'domain'),
    mayImport('engine-[^/]+', 'client', 'protocol', 'domain'),
    mayImport('transport-[^/]+', 'client', 'protocol', 'domain'),
    // The simulator runs the real server; nothing that is shipped imports it (testing-is-not-shipped).
    mayImport('testing', 'server', 'client', 'protocol', 'domain'),
    {
      name: 'conformance-knows-the-contract-alone',
      comment: 'A list that took schemas or clients of ours would find right whatever they do.',
      severity: 'error',
      from: { path: `${sources('testing')}conformance/` },
      to: { path: inPackages('[^/]+'), pathNot: `${sources('testing')}conformance/` },
    },
    {
      name: 'domain-imports-nothing',
      comment: 'The rules of a call are pure: clock, ids and randomness are handed in.',
      severity: 'error',
      from: { path: sources('domain'), pathNot: testFiles },
      to: { pathNot: inPackages('domain') },
    },
    {
      name: 'packages-import-no-app',
      severity: 'error',
      from: { path: inPackages('[^/]+') },
      to: { path: '(?:^|/)apps/' },
    },
    {
      name: 'testing-is-not-shipped',
      comment: 'Fakes and contract suites are for tests alone.',
      severity: 'error',
      from: { path: '(?:^|/)(?:packages/[^/]+/src|apps)/', pathNot: `${testFiles}|${packages}/testing/` },
      to: { path: inPackages('testing') },
    },
    {
      name: 'server-core-knows-no-node',
      comment: "The server's core runs in Deno too: Node's own modules and what needs them live in src/node.",
      severity: 'error',
      from: { path: sources('server'), pathNot: `${packages}/server/src/node/|${testFiles}` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'server-core-knows-no-adapter',
      comment: 'A database driver, a socket library and a logger are chosen by the adapter in src/node.',
      severity: 'error',
      from: { path: sources('server'), pathNot: `${packages}/server/src/node/|${testFiles}` },
      to: { path: npm('ws', 'pg', 'pino', '@hono/node-server', '@electric-sql/pglite') },
    },
    {
      name: 'server-core-does-not-reach-into-node',
      severity: 'error',
      from: { path: sources('server'), pathNot: `${packages}/server/src/node/|${testFiles}` },
      to: { path: `${packages}/server/src/node/` },
    },
    onlyImporter('livekit-client', 'engine-livekit'),
    onlyImporter('@livekit/react-native', 'engine-livekit'),
    onlyImporter('agora-[^/]+', 'engine-agora'),
    onlyImporter('react-native-agora', 'engine-agora'),
    onlyImporter('@supabase/[^/]+', 'transport-supabase'),
    {
      name: 'screens-get-snapshots',
      comment:
        'A screen takes a snapshot, whose type it may name, and callbacks; it talks to no socket, store or engine.',
      severity: 'error',
      from: { path: '(?:^|/)apps/app/src/screens/' },
      to: {
        path: inPackages('client', 'server', 'engine-[^/]+', 'transport-[^/]+'),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that does not resolve is one that no rule above can judge.',
      severity: 'error',
      from: { path: inPackages('[^/]+') },
      to: { couldNotResolve: true, pathNot: '^(?:livekit-client|agora-|@supabase/|@livekit/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(?:^|/)apps/app/(?:dist|android|ios|\\.expo)/' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: [
        '.ts',
        '.tsx',
        '.web.ts',
        '.web.tsx',
        '.native.ts',
        '.native.tsx',
        '.d.ts',
        '.mjs',
        '.cjs',
        '.js',
        '.json',
      ],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
