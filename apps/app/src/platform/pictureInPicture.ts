import type { PictureInPicture } from './types';

/**
 * The small window above all others. It has a picture of its own rather than the one on the stage, which goes when somebody
 * turns to the chat: just then it is wanted most. Null where the browser has none (Firefox brings its own button).
 */
export const pictureInPicture: PictureInPicture | null =
  typeof document === 'undefined' || !document.pictureInPictureEnabled ? null : create();

function create(): PictureInPicture {
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  let wanted: MediaStream | null = null;
  let video: HTMLVideoElement | null = null;

  const isOn = () => video !== null && document.pictureInPictureElement === video;
  const remove = () => {
    const gone = video;
    video = null;
    if (gone === null) return;
    gone.srcObject = null;
    gone.remove();
    tell();
  };
  const close = () => {
    if (isOn()) void document.exitPictureInPicture().catch(() => undefined);
    remove();
  };
  const open = async () => {
    if (wanted === null || isOn()) return;
    remove();
    const made = document.createElement('video');
    video = made;
    made.muted = true;
    made.playsInline = true;
    made.tabIndex = -1;
    made.setAttribute('aria-hidden', 'true');
    made.dataset.pictureInPicture = 'true';
    // A picture that is not laid out gets no frames in some browsers.
    made.style.cssText = 'position:fixed;width:2px;height:2px;bottom:0;right:0;opacity:0;pointer-events:none';
    made.srcObject = wanted;
    made.addEventListener('leavepictureinpicture', remove, { once: true });
    document.body.append(made);
    try {
      await made.play();
      await made.requestPictureInPicture();
      // The call may have ended meanwhile.
      if (video === made) tell();
      else void document.exitPictureInPicture().catch(() => undefined);
    } catch {
      // Refused, or no picture has come yet.
      if (video === made) remove();
    }
  };
  return {
    isOn,
    set: (on) => (on ? void open() : close()),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    show: (stream) => {
      wanted = stream instanceof MediaStream ? stream : null;
      if (video === null || video.srcObject === wanted) return;
      if (wanted === null) close();
      else video.srcObject = wanted;
    },
  };
}
