import { useId, type ReactNode } from 'react';

import { parseDecimal, formatWad } from '../../../../src/settlement/preset/decimals.ts';
import { newTable } from '../../../../src/chain/governance/weights.ts';
import { percent } from '../../../../src/protocol/tokens.ts';
import { PRICE_STORIES } from '../../../../src/simulation/price-paths.ts';
import { PRESETS, UNASKED, type Asked, type AskedField } from './asked.ts';
import type { Offers } from './outcome.ts';

interface SettingsFormProps {
  readonly asked: Asked;
  readonly change: (changes: Partial<Asked>) => void;
  /** Null until the preset has been read. */
  readonly offers: Offers | null;
  readonly refused: { readonly reason: string; readonly field: string | null } | null;
}

const STORIES = {
  flat: 'stays where it is',
  crash: 'falls by 80 % half-way',
  boom: 'rises fivefold half-way',
  random: 'wanders at random',
} as const;

/** What is assumed. Every field is a part of the link. */
export function SettingsForm({ asked, change, offers, refused }: SettingsFormProps) {
  const [first = '', last = first] = asked.people.split(':');
  const isStory = (PRICE_STORIES as readonly string[]).includes(asked.price);
  const names = new Set([...PRESETS, asked.preset]);
  const variants = offers?.variants ?? [];
  const field = (name: AskedField, label: string, input: (id: string, wrong: boolean) => ReactNode, hint?: string) => (
    <Field key={name} label={label} hint={hint} error={refused?.field === name ? refused.reason : null} input={input} />
  );
  return (
    <form className="settings" onSubmit={(event) => event.preventDefault()}>
      {field('preset', 'Preset', (id) => (
        <select
          id={id}
          value={asked.preset}
          onChange={({ target }) => change({ preset: target.value, variant: '', weights: '', units: '', from: '' })}
        >
          {[...names].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      ))}
      {offers === null ? null : <p className="note">{offers.summary}</p>}
      {variants.length === 0 && asked.variant === ''
        ? null
        : field('variant', 'Variant', (id) => (
            <select
              id={id}
              value={asked.variant}
              onChange={({ target }) => change({ variant: target.value, weights: '', units: '' })}
            >
              <option value="">as it stands</option>
              {[...new Set([...variants, ...(asked.variant === '' ? [] : [asked.variant])])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          ))}
      {field(
        'years',
        'Years',
        (id, wrong) => (
          <input
            id={id}
            inputMode="numeric"
            placeholder="the whole curve"
            aria-invalid={wrong}
            value={asked.years}
            onChange={({ target }) => change({ years: target.value.trim() })}
          />
        ),
        'Empty: as long as the curve emits.',
      )}
      {field('from', 'First day', (id, wrong) => (
        <input
          id={id}
          type="date"
          aria-invalid={wrong}
          value={asked.from}
          onChange={({ target }) => change({ from: target.value })}
        />
      ))}
      <div className="settings-pair">
        {field('people', 'People at first', (id, wrong) => (
          <input
            id={id}
            inputMode="numeric"
            aria-invalid={wrong}
            value={first}
            onChange={({ target }) => change({ people: pathOf(target.value.trim(), first === last ? '' : last) })}
          />
        ))}
        <Field
          label="In the end"
          error={null}
          input={(id) => (
            <input
              id={id}
              inputMode="numeric"
              placeholder="as many"
              value={asked.people.includes(':') ? last : ''}
              onChange={({ target }) => change({ people: pathOf(first, target.value.trim()) })}
            />
          )}
        />
      </div>
      {field('price', 'The price of a token', (id) => (
        <select
          id={id}
          value={isStory ? asked.price : 'number'}
          onChange={({ target }) => change({ price: target.value === 'number' ? '1' : target.value })}
        >
          {PRICE_STORIES.map((story) => (
            <option key={story} value={story}>
              {STORIES[story]}
            </option>
          ))}
          <option value="number">is this, throughout:</option>
        </select>
      ))}
      {isStory ? null : (
        <Field
          label="Price"
          error={null}
          input={(id) => (
            <input
              id={id}
              inputMode="decimal"
              aria-invalid={refused?.field === 'price'}
              value={asked.price}
              onChange={({ target }) => change({ price: target.value.trim() })}
            />
          )}
        />
      )}
      {asked.price === 'random'
        ? field(
            'seed',
            'Chance',
            (id, wrong) => (
              <input
                id={id}
                inputMode="numeric"
                aria-invalid={wrong}
                value={asked.seed}
                onChange={({ target }) => change({ seed: target.value.trim() })}
              />
            ),
            'The same number gives the same path.',
          )
        : null}
      {offers === null || offers.units === null
        ? null
        : field('units', `Units sold, of ${offers.units}`, (id, wrong) => (
            <input
              id={id}
              inputMode="numeric"
              placeholder="all"
              aria-invalid={wrong}
              value={asked.units}
              onChange={({ target }) => change({ units: target.value.trim() })}
            />
          ))}
      {offers === null || offers.tasks.length < 2 ? null : (
        <Weights offers={offers} change={change} error={refused?.field === 'weights' ? refused.reason : null} />
      )}
      {refused !== null && (refused.field === null || isHidden(refused.field, asked, offers)) ? (
        <p className="field-error" role="alert">
          {refused.reason}
        </p>
      ) : null}
      <button type="button" className="button quiet" onClick={() => change({ ...UNASKED, preset: asked.preset })}>
        Back to the preset’s own
      </button>
    </form>
  );
}

/** A link can give what this form has no field for; what is wrong with it is said all the same. */
function isHidden(field: string, { price }: Asked, offers: Offers | null): boolean {
  if (field === 'seed') return price !== 'random';
  if (field === 'units') return offers === null || offers.units === null;
  return field === 'weights' && (offers === null || offers.tasks.length < 2);
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error: string | null;
  readonly input: (id: string, wrong: boolean) => ReactNode;
}

function Field({ label, hint, error, input }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {input(id, error !== null)}
      {hint === undefined ? null : <span className="note">{hint}</span>}
      {error === null ? null : (
        <span className="field-error" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

interface WeightsProps {
  readonly offers: Offers;
  readonly change: (changes: Partial<Asked>) => void;
  readonly error: string | null;
}

/** One slider for each task: the others give way in proportion, so that the sum stays exactly 1. */
function Weights({ offers: { tasks }, change, error }: WeightsProps) {
  const move = (at: number, value: string): void => {
    const old = tasks.map(({ weight }, task) => ({ task: task + 1, weight }));
    const known = new Map(old.map(({ task }) => [task, `${task}`]));
    const weight = parseDecimal(value, 18);
    // Where all others are nothing, nobody can give way.
    if (weight === undefined || old.every(({ weight: own }, other) => other === at || own === 0n)) return;
    const { rows } = newTable(old, known, { setWeight: [{ name: `${at + 1}`, value: weight }] });
    change({ weights: rows.map(({ weight: own }) => formatWad(own)).join(',') });
  };
  return (
    <fieldset className="weights">
      <legend>Weights of the tasks</legend>
      {tasks.map(({ name, weight }, at) => (
        <Field
          key={name}
          label={`${name}: ${percent(weight)}`}
          error={null}
          input={(id) => (
            <input
              id={id}
              type="range"
              min="0.01"
              max="0.99"
              step="0.01"
              value={formatWad(weight)}
              onChange={({ target }) => move(at, target.value)}
            />
          )}
        />
      ))}
      {error === null ? null : <p className="field-error">{error}</p>}
    </fieldset>
  );
}

function pathOf(first: string, last: string): string {
  return last === '' ? first : `${first}:${last}`;
}
