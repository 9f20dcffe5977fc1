import { useEffect, useRef, useState } from 'react';

import { useTexts } from '../i18n';
import { openReader } from './reader';

// How often it is looked, and for how long the same code counts as one.
const every = 200;
const same = 5000;

// Camera shows what the telephone sees and tells each code it reads once.
export function Camera({ onCode }: { onCode: (code: string) => void }) {
  const { t } = useTexts();
  const [on, setOn] = useState(false);
  return (
    <section aria-labelledby="camera">
      <h2 id="camera">{t('door.camera')}</h2>
      <button type="button" className="button-main door-wide" aria-pressed={on} onClick={() => setOn(!on)}>
        {t(on ? 'door.cameraOff' : 'door.cameraOn')}
      </button>
      {on && <Seeing onCode={onCode} />}
    </section>
  );
}

function Seeing({ onCode }: { onCode: (code: string) => void }) {
  const { t } = useTexts();
  const video = useRef<HTMLVideoElement>(null);
  const told = useRef(onCode);
  told.current = onCode;
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const end = new AbortController();
    look(video.current, (code) => told.current(code), end.signal).catch(() => end.signal.aborted || setFailed(true));
    return () => end.abort();
  }, []);
  if (failed) return <p role="alert">{t('door.noCamera')}</p>;
  return <video ref={video} className="door-camera" aria-label={t('door.picture')} muted playsInline />;
}

async function look(video: HTMLVideoElement | null, tell: (code: string) => void, end: AbortSignal): Promise<void> {
  if (video === null) return;
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  end.addEventListener('abort', stop);
  if (end.aborted) return stop();
  video.srcObject = stream;
  await video.play();
  const read = await openReader();
  let last = { code: '', at: 0 };
  while (!end.aborted) {
    const code = await read(video);
    if (code !== null && !end.aborted) {
      if (code !== last.code || Date.now() - last.at > same) tell(code);
      last = { code, at: Date.now() };
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
