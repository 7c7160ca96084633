import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/**
 * Sources: OWASP Secure Headers. Styles may be inline because react-native-web writes its sheet at run time. The socket is
 * named besides 'self', which older Safari does not read as covering ws:.
 * @param mediaUrl where clients find the media server of group calls; a path is on this server
 */
export function securityHeaders(publicUrl: string, mediaUrl: string | null = null): MiddlewareHandler {
  const socketOrigin = publicUrl.replace(/^http/, 'ws');
  // Its client asks over HTTP, too, where a socket was refused.
  const media =
    mediaUrl === null || mediaUrl.startsWith('/')
      ? []
      : [new URL(mediaUrl).origin, new URL(mediaUrl.replace(/^ws/, 'http')).origin];
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      scriptSrcAttr: ["'none'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      mediaSrc: ["'self'", 'blob:', 'data:'],
      connectSrc: [...new Set(["'self'", socketOrigin, ...media])],
      workerSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      manifestSrc: ["'self'"],
      frameSrc: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    permissionsPolicy: {
      camera: ['self'],
      microphone: ['self'],
      displayCapture: ['self'],
      geolocation: [],
      payment: [],
      usb: [],
      serial: [],
      hid: [],
      midi: [],
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    // A self-hosted server may be plain http in its own network; whoever terminates TLS decides.
    strictTransportSecurity: publicUrl.startsWith('https:') ? 'max-age=15552000' : false,
    crossOriginResourcePolicy: 'same-origin',
    crossOriginOpenerPolicy: 'same-origin',
  });
}
