import * as ObservablePlot from '@observablehq/plot';
import { useEffect, useRef, useState } from 'react';

import './chart.css';

export interface ChartProps {
  /** What the chart shows, in a sentence: its name for those who do not see it. */
  readonly label: string;
  readonly height?: number;
  /** Everything that Observable Plot takes, for the width at hand. */
  readonly options: (plot: typeof ObservablePlot, width: number) => ObservablePlot.PlotOptions;
}

const DEFAULT_HEIGHT = 260;

/** Draws a chart as wide as its place; the marks take their colours from the page's style sheet. */
export function Plot({ label, height = DEFAULT_HEIGHT, options }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (place.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const node = place.current;
    if (node === null || width === 0) return undefined;
    const drawn = ObservablePlot.plot({ height, width, ...options(ObservablePlot, width), ariaLabel: label });
    // The policy forbids style sheets inside of the page; what this one says stands in chart.css.
    drawn.querySelector('style')?.remove();
    drawn.setAttribute('role', 'img');
    // It is one picture with one name: the library's names for its parts belong to nothing that could have a name.
    for (const part of drawn.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
    node.replaceChildren(drawn);
    return () => node.replaceChildren();
  }, [width, height, label, options]);
  return <div className="chart" ref={place} />;
}
