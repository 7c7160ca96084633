/** Metro turns a sound into the number (native) or address (web) under which expo-asset finds it. */
declare module '*.wav' {
  const source: number;
  export default source;
}
declare module '*.ttf' {
  const source: number;
  export default source;
}
/** For the browser alone: an address. */
declare module '*.woff2' {
  const source: string;
  export default source;
}
