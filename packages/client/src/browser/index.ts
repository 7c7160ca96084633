export { browserCapture } from './capture.ts';
export { webLocks } from './locks.ts';
export { browserHints, browserOptions, cryptoIds, systemClock } from './platform.ts';
export { webStorage } from './storage.ts';
