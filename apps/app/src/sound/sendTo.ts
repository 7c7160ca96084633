/**
 * Sends the sound of an element to a device; null to the system's default.
 * @returns false where the browser refuses (the device is gone, or the page may not use it): then it plays where it did
 */
export async function sendTo(element: HTMLMediaElement, deviceId: string | null): Promise<boolean> {
  // Absent on Safari up to 18.
  if (!('setSinkId' in element)) return deviceId === null;
  const wanted = deviceId ?? '';
  if (element.sinkId === wanted) return true;
  try {
    await element.setSinkId(wanted);
    return true;
  } catch (error) {
    // Another choice came in between: what becomes of that one counts.
    if (error instanceof DOMException && error.name === 'AbortError') return true;
    if (deviceId !== null) await element.setSinkId('').catch(() => undefined);
    return false;
  }
}
