export * from './model.ts';
export * from './ports/capture.ts';
export * from './ports/media-engine.ts';
export * from './ports/peer-signalling.ts';
export * from './ports/platform.ts';
export * from './ports/signalling-transport.ts';
