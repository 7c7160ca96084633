// For TypeScript and for platforms without a file of their own: Metro takes .web or .native before this one.
export { VideoView } from './VideoView.web';
