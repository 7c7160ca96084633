export * from './form.ts';
export * from './grid.ts';
export * from './layout.ts';
export * from './order.ts';
export * from './speaker.ts';
