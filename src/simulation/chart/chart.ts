/** One thing that a panel shows, a value for each step on the x axis. */
export interface Layer {
  readonly kind: 'columns' | 'area' | 'line';
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
  /** Where a column or area begins, for stacking; 0 if absent. */
  readonly base?: readonly number[];
  readonly dashed?: boolean;
}

/** A strip of the chart with its own scale. */
export interface Panel {
  readonly title: string;
  readonly height: number;
  readonly layers: readonly Layer[];
}

/** A moment on the x axis that gets a label. */
export interface Mark {
  readonly at: number;
  readonly text: string;
}

/** Panels one under the other over one x axis of `steps` equal steps. */
export interface Chart {
  readonly title: string;
  readonly subtitle: string;
  readonly steps: number;
  readonly marks: readonly Mark[];
  readonly panels: readonly Panel[];
  readonly footnote: string;
}
