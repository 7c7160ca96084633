const OPUS = /^a=rtpmap:(\d+) opus\/48000\/2[ \t]*$/im;
/** RFC 7587 §6.1: what the receiver prefers. In-band FEC hides single losses, DTX saves the bits of silence. */
const WISHES = ['useinbandfec=1', 'usedtx=1'] as const;

/**
 * Asks the other side for Opus with in-band FEC and DTX. `fmtp` says what its writer wants to *receive*, so that only
 * the copy that goes over the wire is changed: the local description stays as the browser made it.
 */
export function wishForOpus(sdp: string): string {
  const payload = OPUS.exec(sdp)?.[1];
  if (payload === undefined) return sdp;
  const fmtp = new RegExp(`^(a=fmtp:${payload} )(.*?)(\r?)$`, 'm');
  if (!fmtp.test(sdp)) {
    return sdp.replace(OPUS, (rtpmap) => `${rtpmap}\r\na=fmtp:${payload} ${WISHES.join(';')}`);
  }
  return sdp.replace(fmtp, (_line, start: string, parameters: string, end: string) => {
    const given = parameters.split(';').map((parameter) => parameter.trim());
    const kept = given.filter((parameter) => !WISHES.some((wish) => parameter.startsWith(`${wish.split('=')[0]}=`)));
    return `${start}${[...kept, ...WISHES].join(';')}${end}`;
  });
}
