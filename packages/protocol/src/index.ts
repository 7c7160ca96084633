export * from './call-delta.ts';
export * from './commands.ts';
export * from './problems.ts';
export * from './realtime.ts';
export * from './resources.ts';
export * from './routes.ts';
export * from './scalars.ts';
