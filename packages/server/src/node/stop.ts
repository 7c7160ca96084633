/** Ends the start with one sentence for whoever started it. */
export class Stop extends Error {}
