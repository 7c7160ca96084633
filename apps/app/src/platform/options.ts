// For TypeScript: Metro takes .web or .native before this one.
export { clientOptions, serverUrl } from './options.web';
