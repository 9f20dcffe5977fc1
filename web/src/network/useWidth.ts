import { useLayoutEffect, useState, type RefObject } from 'react';

// useWidth is how wide a box is, in pixels of the screen, whenever that changes.
export function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1_000);
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return;
    const measure = () => setWidth(Math.round(current.clientWidth) || 1_000);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
