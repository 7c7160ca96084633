/**
 * To the page before; only where there is one (`canGoBack`). The way of the browser's own button: it has the whole state of
 * that page, while the router's `back` forgets what was open within a layout that is not drawn (from a call one came home
 * instead of to the channel).
 */
export const goBack = (): void => globalThis.history.back();
