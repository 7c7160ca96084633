/** Expo's clipboard is another native module; here the figures can only be read. */
export const copyText: ((text: string) => Promise<void>) | undefined = undefined;
