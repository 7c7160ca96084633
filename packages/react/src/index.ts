export * from './hooks.tsx';
