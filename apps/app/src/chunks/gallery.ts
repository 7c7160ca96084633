export { default as GalleryPage } from '../../app/gallery';
