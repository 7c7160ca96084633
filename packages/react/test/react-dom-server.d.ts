declare module 'react-dom/server' {
  export function renderToString(node: import('react').ReactNode): string;
}
