import { describe, expect, it } from 'vitest';
import { wishForOpus } from '../src/sdp.ts';

const sdp = (...lines: string[]) => `${lines.join('\r\n')}\r\n`;

describe('RFC 7587 §6.1: what is asked for', () => {
  it('is in-band FEC and DTX, beside what was there', () => {
    const given = sdp('a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1', 'a=rtpmap:0 PCMU/8000');
    expect(wishForOpus(given)).toBe(
      sdp('a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1', 'a=rtpmap:0 PCMU/8000'),
    );
  });

  it('replaces a wish to the contrary', () => {
    const given = sdp('a=rtpmap:96 opus/48000/2', 'a=fmtp:96 useinbandfec=0; usedtx=0');
    expect(wishForOpus(given)).toBe(sdp('a=rtpmap:96 opus/48000/2', 'a=fmtp:96 useinbandfec=1;usedtx=1'));
  });

  it('gets a line of its own where there is none', () => {
    const given = sdp('m=audio 9 UDP/TLS/RTP/SAVPF 109', 'a=rtpmap:109 opus/48000/2', 'a=mid:0');
    expect(wishForOpus(given)).toBe(
      sdp(
        'm=audio 9 UDP/TLS/RTP/SAVPF 109',
        'a=rtpmap:109 opus/48000/2',
        'a=fmtp:109 useinbandfec=1;usedtx=1',
        'a=mid:0',
      ),
    );
  });

  it('does not touch other codecs, and is the same when asked twice', () => {
    const other = sdp('a=rtpmap:96 VP8/90000', 'a=fmtp:97 apt=96');
    expect(wishForOpus(other)).toBe(other);
    const once = wishForOpus(sdp('a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10'));
    expect(wishForOpus(once)).toBe(once);
  });
});
