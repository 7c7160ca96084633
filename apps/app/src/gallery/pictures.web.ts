import type { MediaStreamLike } from '@parley/client';
import { gradientOf } from '../theme/gradients';

/** A picture that stands still needs few frames, and a gallery of many has many cameras. */
const FRAME_MS = 500;

const made = new Map<string, MediaStreamLike>();

/** A drawn person as a running camera: the gallery has no faces to show. */
export function pictureOf(id: string, landscape: boolean): MediaStreamLike | null {
  const key = `${id} ${landscape}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const canvas = document.createElement('canvas');
  canvas.width = landscape ? 640 : 360;
  canvas.height = landscape ? 360 : 640;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  drawPerson(context, canvas.width, canvas.height, id);
  const stream = canvas.captureStream(2);
  // A canvas that nobody draws on gives no further frames.
  setInterval(() => drawPerson(context, canvas.width, canvas.height, id), FRAME_MS);
  made.set(key, stream);
  return stream;
}

function drawPerson(c: CanvasRenderingContext2D, width: number, height: number, id: string): void {
  const { from, to } = gradientOf(id);
  const unit = Math.min(width * 0.9, height * 0.55);
  const middle = width / 2;
  const chin = height * 0.62;
  c.fillStyle = '#26262b';
  c.fillRect(0, 0, width, height);
  c.fillStyle = '#35353b';
  c.fillRect(width * 0.08, height * 0.12, unit * 0.4, unit * 0.5);
  const shirt = c.createLinearGradient(0, chin, width, height);
  shirt.addColorStop(0, from);
  shirt.addColorStop(1, to);
  c.fillStyle = shirt;
  c.beginPath();
  c.ellipse(middle, height * 1.08, unit * 0.62, height * 1.08 - chin - unit * 0.08, 0, 0, 2 * Math.PI);
  c.fill();
  c.fillStyle = '#a87b60';
  c.fillRect(middle - unit * 0.13, chin - unit * 0.12, unit * 0.26, unit * 0.3);
  c.fillStyle = '#2a1f20';
  c.beginPath();
  c.ellipse(middle, chin - unit * 0.42, unit * 0.31, unit * 0.36, 0, 0, 2 * Math.PI);
  c.fill();
  const skin = c.createLinearGradient(middle - unit * 0.28, 0, middle + unit * 0.28, 0);
  skin.addColorStop(0, '#efcbb2');
  skin.addColorStop(1, '#b98d70');
  c.fillStyle = skin;
  c.beginPath();
  c.ellipse(middle, chin - unit * 0.3, unit * 0.27, unit * 0.33, 0, 0, 2 * Math.PI);
  c.fill();
  c.fillStyle = '#2a1f20';
  c.beginPath();
  c.ellipse(middle - unit * 0.05, chin - unit * 0.6, unit * 0.3, unit * 0.13, -0.25, 0, 2 * Math.PI);
  c.fill();
}

/** A drawn page as a shared screen. */
export function screenOf(id: string): MediaStreamLike | null {
  const key = `${id} screen`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const canvas = document.createElement('canvas');
  canvas.width = 960;
  canvas.height = 600;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const draw = () => drawPage(context, canvas.width, canvas.height);
  draw();
  const stream = canvas.captureStream(2);
  setInterval(draw, FRAME_MS);
  made.set(key, stream);
  return stream;
}

function drawPage(c: CanvasRenderingContext2D, width: number, height: number): void {
  c.fillStyle = '#f6f4ef';
  c.fillRect(0, 0, width, height);
  c.fillStyle = '#1c1b1f';
  c.fillRect(width * 0.06, height * 0.08, width * 0.38, height * 0.03);
  c.fillStyle = '#d9d5ca';
  for (const [line, length] of [0.8, 0.76, 0.82, 0.5].entries()) {
    c.fillRect(width * 0.06, height * (0.16 + line * 0.045), width * length, height * 0.016);
  }
  for (const [bar, share] of [0.2, 0.32, 0.26, 0.44, 0.54, 0.47, 0.62].entries()) {
    c.fillStyle = bar === 6 ? '#5b4fc7' : '#d8d3f5';
    const tall = height * 0.52 * share * 1.4;
    c.fillRect(width * (0.06 + bar * 0.128), height * 0.92 - tall, width * 0.1, tall);
  }
}
