import {
  type ConnectionLook,
  type ConnectionQuality,
  cameraByHand,
  judgeQuality,
  judgeVideo,
  NO_VERDICT,
  type QualityVerdict,
  VIDEO_ALLOWED,
  type VideoHold,
} from '@parley/domain';

/** What is thought of the connection of one call; the rules are `Q1`–`Q8` of the domain. */
export class ConnectionWatch {
  #verdict: QualityVerdict = NO_VERDICT;
  #video: VideoHold = VIDEO_ALLOWED;

  get quality(): ConnectionQuality | null {
    return this.#verdict.quality;
  }

  /** The connection is too weak for a picture of one's own. */
  get holdsVideo(): boolean {
    return this.#video.state === 'held';
  }

  look(look: ConnectionLook, sendsVideo: boolean, now: number): void {
    this.#verdict = judgeQuality(this.#verdict, look, now);
    this.#video = judgeVideo(this.#video, look, sendsVideo, now);
  }

  cameraByHand(on: boolean): void {
    this.#video = cameraByHand(this.#video, on);
  }
}
