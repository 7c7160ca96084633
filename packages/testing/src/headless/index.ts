export { HeadlessMember, type Publication } from './member.ts';
