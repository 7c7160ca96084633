const fs = require('node:fs');
const path = require('node:path');
const { getDefaultConfig } = require('expo/metro-config');

const root = path.resolve(__dirname, '../..');
const config = getDefaultConfig(__dirname);

// The cache lies inside the repository's ignored folder: a shared /tmp fills up and mixes users.
const cacheRoot = path.join(root, '.cache', 'metro');
fs.mkdirSync(cacheRoot, { recursive: true });
config.cacheStores = ({ FileStore }) => [new FileStore({ root: path.join(cacheRoot, 'transforms') })];
config.fileMapCacheDirectory = cacheRoot;

module.exports = config;
