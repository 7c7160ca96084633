export { dispose as disposeHeadless } from '@livekit/rtc-node';
export { HeadlessMember, type Publication } from './member.ts';
