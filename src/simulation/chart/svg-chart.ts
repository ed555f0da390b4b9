// floats: where things stand in a picture; no amount is computed from them

import type { Chart, Layer, Panel } from './chart.ts';
import { scaleFor, short } from './scale.ts';

const WIDTH = 960;
const LEFT = 72;
const RIGHT = 24;
const TOP = 84;
const PANEL_HEAD = 46;
const PANEL_GAP = 22;
const FOOT = 58;
const PLOT = WIDTH - LEFT - RIGHT;

const STYLE = [
  'text{font-family:Inter,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;fill:#334155;font-size:12px}',
  '.title{font-size:21px;font-weight:600;fill:#0f172a}.subtitle,.foot{fill:#64748b}.subtitle{font-size:13px}',
  '.panel{font-size:14px;font-weight:600;fill:#0f172a}.tick{fill:#64748b;font-size:11px}',
  '.grid{stroke:#e2e8f0;stroke-width:1}.axis{stroke:#94a3b8;stroke-width:1}',
].join('');

/** Draws a chart as one self-contained SVG file: the same chart gives the same bytes. */
export function svgChart(chart: Chart): string {
  let y = TOP;
  const panels = chart.panels.map((panel) => {
    const drawn = drawPanel(panel, chart, y);
    y += PANEL_HEAD + panel.height + PANEL_GAP;
    return drawn;
  });
  const bottom = y - PANEL_GAP;
  const height = bottom + FOOT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(chart.title)}</title><desc>${escaped(chart.subtitle)}</desc><style>${STYLE}</style>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(24, 38, 'title', chart.title),
    text(24, 60, 'subtitle', chart.subtitle),
    ...panels,
    ...chart.marks.map(({ at, text: words }) => text(xOf(at, chart), bottom + 18, 'tick', words, 'middle')),
    text(24, height - 14, 'foot', chart.footnote),
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel(panel: Panel, chart: Chart, top: number): string {
  const plotTop = top + PANEL_HEAD;
  const highest = Math.max(0, ...panel.layers.flatMap(({ values }) => values));
  const { max, ticks } = scaleFor(highest, Math.max(3, Math.floor(panel.height / 40)));
  const yOf = (value: number): number => plotTop + panel.height * (1 - value / max);
  const grid = ticks.map((tick) => {
    const y = round(yOf(tick));
    const line = `<line class="${tick === 0 ? 'axis' : 'grid'}" x1="${LEFT}" x2="${LEFT + PLOT}" y1="${y}" y2="${y}"/>`;
    return `${line}${text(LEFT - 8, y + 4, 'tick', short(tick), 'end')}`;
  });
  const layers = panel.layers.map((layer) => drawLayer(layer, chart, yOf));
  return [text(24, top + 16, 'panel', panel.title), drawLegend(panel, top + 34), ...grid, ...layers].join('\n');
}

function drawLegend({ layers }: Panel, y: number): string {
  let x = 24;
  return layers
    .map(({ name, colour, kind, dashed }) => {
      const swatch =
        kind === 'line'
          ? `<line x1="${x}" x2="${x + 16}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2.5"${dashes(dashed)}/>`
          : `<rect x="${x}" y="${y - 9}" width="11" height="11" rx="2" fill="${colour}"/>`;
      const label = text(x + (kind === 'line' ? 22 : 17), y, 'tick', name);
      x += (kind === 'line' ? 22 : 17) + Math.ceil(name.length * 6.1) + 20;
      return `${swatch}${label}`;
    })
    .join('');
}

function drawLayer(layer: Layer, chart: Chart, yOf: (value: number) => number): string {
  const { values, base = [], colour, kind } = layer;
  if (kind === 'columns') {
    const width = PLOT / chart.steps;
    const gap = Math.min(3, width * 0.22);
    return values
      .map((value, at) => {
        const [top, bottom] = [yOf(value), yOf(base[at] ?? 0)];
        if (bottom - top < 0.05) return '';
        const x = round(LEFT + at * width + gap / 2);
        return `<rect x="${x}" y="${round(top)}" width="${round(width - gap)}" height="${round(bottom - top)}" fill="${colour}"/>`;
      })
      .join('');
  }
  const points = values.map((value, at) => `${round(xOf(at, chart))},${round(yOf(value))}`);
  if (kind === 'line') {
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"${dashes(layer.dashed)}/>`;
  }
  const back = values.map((_, at) => `${round(xOf(at, chart))},${round(yOf(base[at] ?? 0))}`).reverse();
  return `<polygon points="${[...points, ...back].join(' ')}" fill="${colour}"/>`;
}

/** The middle of a step. */
function xOf(step: number, { steps }: Chart): number {
  return LEFT + ((step + 0.5) * PLOT) / steps;
}

function text(x: number, y: number, className: string, words: string, anchor = 'start'): string {
  return `<text class="${className}" x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function dashes(dashed: boolean | undefined): string {
  return dashed === true ? ' stroke-dasharray="5 4"' : '';
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
