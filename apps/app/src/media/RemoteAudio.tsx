export { RemoteAudio } from './RemoteAudio.web';
