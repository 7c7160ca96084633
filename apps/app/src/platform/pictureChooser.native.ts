/** Phones would need a library for their gallery: there the picture is chosen in the browser. */
export const pictureChooser = null;
