import type { MediaStreamLike } from '@parley/client';
import { gradientOf } from '../theme/gradients';

const made = new Map<string, MediaStreamLike>();

/** A drawn person as a running camera: the gallery has no faces to show. */
export function pictureOf(id: string, landscape: boolean): MediaStreamLike | null {
  const key = `${id} ${landscape}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const canvas = document.createElement('canvas');
  canvas.width = landscape ? 1280 : 720;
  canvas.height = landscape ? 720 : 1280;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  drawPerson(context, canvas.width, canvas.height, id);
  const stream = canvas.captureStream(5);
  // A canvas that nobody draws on gives no further frames.
  setInterval(() => drawPerson(context, canvas.width, canvas.height, id), 200);
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
