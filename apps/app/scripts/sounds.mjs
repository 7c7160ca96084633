// Synthesises the app's sounds into assets/sounds: short, soft, and nobody else's.
//   node scripts/sounds.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RATE = 16_000;
const folder = join(import.meta.dirname, '..', 'assets', 'sounds');

/** A struck bar: a tone with a few partials that dies away. Times in seconds, `level` 0–1. */
const strike = (at, pitch, level, length = 0.9) => ({
  at,
  length,
  sample: (t) => {
    const attack = Math.min(1, t / 0.008);
    const body = Math.exp(-4.5 * t) * Math.sin(2 * Math.PI * pitch * t);
    const second = 0.32 * Math.exp(-7 * t) * Math.sin(2 * Math.PI * 2 * pitch * t);
    const third = 0.1 * Math.exp(-11 * t) * Math.sin(2 * Math.PI * 3.01 * pitch * t);
    const release = Math.min(1, (length - t) / 0.05);
    return level * attack * release * (body + second + third);
  },
});

/** A held tone that swells and sinks. */
const hold = (at, pitches, level, length) => ({
  at,
  length,
  sample: (t) => {
    const edge = Math.min(1, t / 0.06, (length - t) / 0.12);
    const sum = pitches.reduce((total, pitch) => total + Math.sin(2 * Math.PI * pitch * t), 0);
    return (level * edge * sum) / pitches.length;
  },
});

const [E4, G4, A4, C5, D5, E5, G5, C6] = [329.63, 392, 440, 523.25, 587.33, 659.25, 783.99, 1046.5];
/** Length in seconds; ring and ringback are played over and over, so that theirs holds the pause too. */
const sounds = {
  ring: {
    length: 2.6,
    notes: [
      strike(0, E5, 0.5),
      strike(0.16, G5, 0.5),
      strike(0.32, C6, 0.5),
      strike(0.72, G5, 0.42),
      strike(0.88, C6, 0.46),
    ],
  },
  'ring-warm': {
    length: 2.8,
    notes: [hold(0, [A4, E5], 0.4, 0.55), hold(0.5, [C5, G5], 0.4, 0.55), hold(1, [D5, G5], 0.42, 0.8)],
  },
  'ring-drops': {
    length: 2.4,
    notes: [
      strike(0, C6, 0.4, 0.5),
      strike(0.22, G5, 0.42, 0.5),
      strike(0.44, C6, 0.4, 0.5),
      strike(0.66, E5, 0.5, 0.9),
    ],
  },
  ringback: { length: 3, notes: [hold(0, [G4, 493.88], 0.2, 0.9)] },
  joined: { length: 0.5, notes: [strike(0, C5, 0.3, 0.4), strike(0.1, G5, 0.32, 0.4)] },
  test: {
    length: 1.9,
    notes: [strike(0, C5, 0.45), strike(0.28, E5, 0.45), strike(0.56, G5, 0.45), strike(0.84, C6, 0.5, 1)],
  },
  left: { length: 0.5, notes: [strike(0, C5, 0.3, 0.4), strike(0.1, E4, 0.32, 0.4)] },
};

function render({ length, notes }) {
  const samples = new Float32Array(Math.round(length * RATE));
  for (const note of notes) {
    const first = Math.round(note.at * RATE);
    for (let i = 0; i < note.length * RATE && first + i < samples.length; i++)
      samples[first + i] += note.sample(i / RATE);
  }
  return samples;
}

/** RIFF WAVE, PCM, 16 bit, mono. */
function wave(samples) {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + samples.length * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => {
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + i * 2);
  });
  return bytes;
}

mkdirSync(folder, { recursive: true });
for (const [name, sound] of Object.entries(sounds)) {
  const file = join(folder, `${name}.wav`);
  writeFileSync(file, wave(render(sound)));
  console.log(file);
}
