import { Buffer } from 'node:buffer';

/** Hertz of the tone that every fake microphone plays. */
export const toneHz = 1000;

/** Two seconds, to be looped, of a tone that comes and goes: noise suppression takes a steady one for noise and removes it. */
export function toneSamples(hertz: number, rate: number): Buffer {
  const samples = rate * 2;
  const data = Buffer.alloc(samples * 2);
  for (let index = 0; index < samples; index += 1) {
    const time = index / rate;
    const on = time % 0.5 < 0.35;
    const value = on ? Math.sin(2 * Math.PI * hertz * time) * 0.5 : 0;
    data.writeInt16LE(Math.round(value * 32_767), index * 2);
  }
  return data;
}

/** A WAV file of the tone. Chromium plays it in a loop. */
export function toneWav(): Buffer {
  const rate = 48_000;
  const sound = toneSamples(toneHz, rate);
  const data = Buffer.alloc(44);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + sound.length, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20); // PCM
  data.writeUInt16LE(1, 22); // mono
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(rate * 2, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(sound.length, 40);
  return Buffer.concat([data, sound]);
}

/** A Y4M film of a bright bar that wanders over a gradient: no two frames in a row are alike. Chromium loops it. */
export function filmY4m(): Buffer {
  const width = 320;
  const height = 240;
  const frames = 30;
  const parts: Buffer[] = [Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < frames; frame += 1) {
    const luma = Buffer.alloc(width * height);
    const bar = Math.floor((frame / frames) * width);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const inBar = (x - bar + width) % width < 24;
        luma[y * width + x] = inBar ? 235 : 40 + Math.floor((y / height) * 120);
      }
    }
    const blue = Buffer.alloc((width * height) / 4, 110 + frame);
    const red = Buffer.alloc((width * height) / 4, 150 - frame);
    parts.push(Buffer.from('FRAME\n'), luma, blue, red);
  }
  return Buffer.concat(parts);
}
