import cyrillic from '@fontsource-variable/inter/files/inter-cyrillic-wght-normal.woff2';
import greek from '@fontsource-variable/inter/files/inter-greek-wght-normal.woff2';
import latinExt from '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2';
import latin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';
import vietnamese from '@fontsource-variable/inter/files/inter-vietnamese-wght-normal.woff2';
import { useEffect, useState } from 'react';

/** One file has all weights, in a script of its own each: the browser fetches those in which something is written. */
const FACES = [
  { family: 'Inter_400Regular', weight: '400' },
  { family: 'Inter_500Medium', weight: '500' },
  { family: 'Inter_600SemiBold', weight: '600' },
] as const;

/** Ranges as the package's own style sheet has them. */
const SCRIPTS = [
  {
    file: latin,
    range:
      'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
  },
  {
    file: latinExt,
    range:
      'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
  },
  { file: cyrillic, range: 'U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116' },
  { file: greek, range: 'U+0370-0377,U+037A-037F,U+0384-038A,U+038C,U+038E-03A1,U+03A3-03FF' },
  {
    file: vietnamese,
    range:
      'U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,U+0323,U+0329,U+1EA0-1EF9,U+20AB',
  },
] as const;

/** Begins before the first frame: the page names the file of Latin script ahead (tools/lib/web-page.mjs). */
const first = Promise.allSettled(
  FACES.flatMap(({ family, weight }) =>
    SCRIPTS.map(({ file, range }) => {
      const face = new FontFace(family, `url(${file})`, {
        weight,
        unicodeRange: range,
        display: 'swap',
      });
      document.fonts.add(face);
      return file === latin ? face.load() : null;
    }),
  ),
);

/** True once text can be drawn without changing its shape later; a face that fails to load falls back to the system's. */
export function useTypefaces(): boolean {
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    void first.then(() => setLoaded(true));
  }, []);
  return loaded;
}
