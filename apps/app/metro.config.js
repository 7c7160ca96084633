const fs = require('node:fs');
const path = require('node:path');
const { getDefaultConfig } = require('expo/metro-config');
const unused = require('./metro.unused.js');

const root = path.resolve(__dirname, '../..');
const config = getDefaultConfig(__dirname);

// The cache lies inside the repository's ignored folder: a shared /tmp fills up and mixes users.
const cacheRoot = path.join(root, '.cache', 'metro');
fs.mkdirSync(cacheRoot, { recursive: true });
config.cacheStores = ({ FileStore }) => [new FileStore({ root: path.join(cacheRoot, 'transforms') })];
config.fileMapCacheDirectory = cacheRoot;

const pages = path.join(__dirname, 'src', 'pages.ts');
config.resolver.assetExts = [...new Set([...config.resolver.assetExts, 'woff2'])];
config.resolver.resolveRequest = (context, name, platform) => {
  if (platform !== 'web') return context.resolveRequest(context, name, platform);
  // The router takes its pages from a table, which says what comes with which part: see src/pages.ts.
  if (name === 'expo-router/_ctx') return { type: 'sourceFile', filePath: pages };
  const found = context.resolveRequest(context, name, platform);
  const isUnused = found.type === 'sourceFile' && unused.some((pattern) => pattern.test(found.filePath));
  return isUnused ? { type: 'empty' } : found;
};

module.exports = config;
