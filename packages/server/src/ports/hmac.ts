/** HMAC-SHA-256 without a jump into another thread, which costs many times as much. How is the adapter's business. */
export interface Hmac {
  /** Whether `signature`, in base64url as RFC 7515 writes it, is that of this text; compared in a time that says nothing of where it differs. */
  isSigned(secret: Uint8Array, text: string, signature: string): boolean;
}
