// Reading QR codes: by the browser itself where it can, else by a library, which is
// fetched only then.

export type Reader = (picture: HTMLVideoElement | ImageBitmap) => Promise<string | null>;

// What browsers that can do it have; the language does not know it yet.
interface Detector {
  detect(picture: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

async function detector(): Promise<Detector | null> {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: DetectorClass };
  const formats = (await BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  return BarcodeDetector !== undefined && formats.includes('qr_code') ? new BarcodeDetector({ formats: ['qr_code'] }) : null;
}

export async function openReader(): Promise<Reader> {
  const own = await detector();
  if (own !== null) return async (picture) => (await own.detect(picture))[0]?.rawValue ?? null;
  const { default: decode } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (picture) => {
    const [width, height] = picture instanceof HTMLVideoElement ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
    if (context === null || width === 0) return null;
    Object.assign(canvas, { width, height });
    context.drawImage(picture, 0, 0);
    try {
      return decode(context.getImageData(0, 0, width, height));
    } catch {
      return null; // there is none in the picture
    }
  };
}
