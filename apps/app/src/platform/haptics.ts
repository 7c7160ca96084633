/** Browsers have no haptics worth the name. */
export const tick = (): void => undefined;
